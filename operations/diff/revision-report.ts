import * as fs from "node:fs";
import * as path from "node:path";
import { OperationError } from "../errors/operation-error";
import { exemptionSentences } from "../../settings/rule-names";
import { credentialsRevision } from "../../settings/credentials";
import type { Environment } from "../../settings/environment";
import { type CdktfContext, stacks, synthesize, workingDirectory } from "../terraform/cdktf";
import { findHelm, Helm } from "../helm/helm";
import type { KubernetesObject } from "../cluster/kubernetes-object";
import type { Masker } from "../secrets/masking";
import { configuredReleases, type PlannedRelease, renderingNotes } from "./planned-release";
import { renderRelease } from "./render-release";
import { releaseReport } from "./release-report";
import type { DiffReport } from "./report";
import { configuredResources, type PlannedResource, resourceChanges } from "./resource-changes";
import { checkOut, commitOf } from "./revision";
import { withTemporaryDirectory } from "./temporary-directory";
import { objectPairs } from "./terraform-object";
import { unifiedDiff } from "./unified-diff";
import { warningsOf } from "./warnings/warnings";

export interface RevisionDiffContext {
  readonly root: string;
  readonly environment: Environment;
  /** The process's environment. */
  readonly variables: NodeJS.ProcessEnv;
  /** A commit, branch or tag of the repository. */
  readonly revision: string;
  readonly masker: Masker;
}

/**
 * Compares this working tree with another revision of the repository, by what both synthesize and render to. It needs
 * neither a cluster nor credentials nor Terraform.
 *
 * @throws OperationError where there is no such revision, or one of both does not synthesize
 */
export async function revisionReport(context: RevisionDiffContext): Promise<DiffReport> {
  const { root, environment, variables, revision, masker } = context;
  const helm = new Helm(findHelm(variables), variables, root, environment);
  const commit = await commitOf(root, revision, "--against");
  return withTemporaryDirectory(async (temporary) => {
    const other = path.join(temporary, "revision");
    await checkOut(root, commit, other);
    const [old, planned] = await Promise.all([
      side({ root: other, environment: environment.name, variables }, helm, `revision ${revision}`),
      side(
        { root, environment: environment.name, variables, output: path.join(temporary, "output") },
        helm,
        "this working tree",
      ),
    ]);
    const resources = comparedResources(old.resources, planned.resources);
    const names = [...new Set([...planned.releases, ...old.releases].map(({ release }) => release.address))];
    const releases = names.map((address) => {
      const [before, after] = [old, planned].map(({ releases }) =>
        releases.find(({ release }) => release.address === address),
      );
      const { name, namespace } = (after ?? (before as RenderedRelease)).release;
      return releaseReport(
        {
          name,
          namespace,
          deployed: before && { last: before.release, deployed: before.objects },
          planned: after?.release,
          rendered: after?.objects ?? [],
          action: resources.find((resource) => resource.address === address)?.action ?? "none",
        },
        masker,
      );
    });
    return masker.everywhere({
      environment: environment.name,
      against: { revision: revision === commit ? commit : `${revision} (${commit.slice(0, 10)})` },
      notes: [
        ...exemptionSentences(environment.exemptions),
        ...renderingNotes(planned.releases.map(({ release }) => release)),
      ],
      warnings: warningsOf([...resources.flatMap(objectPairs), ...releases.flatMap(({ pairs }) => pairs)]),
      resources: resourceChanges(resources),
      releases: releases.map(({ report }) => report),
    });
  });
}

interface RenderedRelease {
  readonly release: PlannedRelease;
  /** Unmasked. */
  readonly objects: readonly KubernetesObject[];
}

interface Side {
  readonly resources: readonly PlannedResource[];
  readonly releases: readonly RenderedRelease[];
}

async function side(context: CdktfContext, helm: Helm, words: string): Promise<Side> {
  const { exitCode, errors } = await synthesize(context);
  if (exitCode !== 0) throw new OperationError(`${words} does not synthesize:\n${errors.trim()}`);
  const configured = stacks.map((stack) => {
    const file = path.join(workingDirectory(context, stack), "cdk.tf.json");
    if (!fs.existsSync(file))
      throw new OperationError(`${words} has no stack ${stack}: nothing to compare with`);
    return { stack, configuration: JSON.parse(fs.readFileSync(file, "utf8")) as unknown };
  });
  const releases = configured.flatMap(({ stack, configuration }) =>
    // The credentials are the same on both sides, whatever they are.
    configuredReleases(configuration, { [credentialsRevision]: "1" }).map((release) => ({ stack, release })),
  );
  return {
    resources: configured.flatMap(({ stack, configuration }) => configuredResources(stack, configuration)),
    releases: await Promise.all(
      releases.map(async ({ stack, release }) => ({
        release,
        objects: await renderRelease(helm, release, {
          directory: workingDirectory(context, stack),
          upgrade: true,
        }),
      })),
    ),
  };
}

function comparedResources(
  old: readonly PlannedResource[],
  planned: readonly PlannedResource[],
): PlannedResource[] {
  const key = ({ stack, address }: PlannedResource) => `${stack} ${address}`;
  const before = new Map(old.map((resource) => [key(resource), resource]));
  const after = new Set(planned.map(key));
  return [
    ...planned.map((resource): PlannedResource => {
      const was = before.get(key(resource));
      if (!was) return resource;
      const same = unifiedDiff(was.after, resource.after).text === "";
      return { ...resource, before: was.after, action: same ? "none" : "change" };
    }),
    ...old
      .filter((resource) => !after.has(key(resource)))
      .map(({ after: before, ...resource }): PlannedResource => ({ ...resource, action: "destroy", before })),
  ];
}
