import * as fs from "node:fs";
import * as path from "node:path";
import { OperationError } from "../errors/operation-error";
import { switchedOff } from "../../applications/pod-security";
import { credentialsRevision } from "../../settings/credentials";
import { stacks, type SynthContext, synthesize, workingDirectory } from "../terraform/cdktf";
import { findHelm, Helm } from "../helm/helm";
import { type KubernetesObject, paired } from "../cluster/kubernetes-object";
import type { CredentialsContext } from "../secrets/deploy-credentials";
import type { Masker } from "../secrets/masking";
import { configuredReleases, type PlannedRelease, renderingNotes } from "./planned-release";
import { renderRelease } from "./render-release";
import { releaseReport } from "./release-report";
import type { DiffReport } from "./report";
import { configuredResources, type PlannedResource, resourceChanges } from "./resource-changes";
import { checkOut, commitOf } from "./revision";
import { withTemporaryDirectory } from "../terminal/temporary-directory";
import { objectPairs } from "./terraform-object";
import { same } from "./unified-diff";
import { warningsOf } from "./warnings/warnings";

export interface RevisionDiffContext extends CredentialsContext {
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
      side({ root: other, environment, variables }, helm, `revision ${revision}`),
      side(
        { root, environment, variables, output: path.join(temporary, "output") },
        helm,
        "this working tree",
      ),
    ]);
    const resources = comparedResources(old.resources, planned.resources);
    const address = ({ release }: RenderedRelease) => release.address;
    const releases = paired(old.releases, planned.releases, address).flatMap(
      ({ old: before, new: after }) => {
        const any = after ?? before;
        return any
          ? releaseReport(
              {
                name: any.release.name,
                namespace: any.release.namespace,
                deployed: before && { last: before.release, deployed: before.objects },
                planned: after?.release,
                rendered: after?.objects ?? [],
                action: resources.find((resource) => resource.address === address(any))?.action ?? "none",
              },
              masker,
            )
          : [];
      },
    );
    return masker.everywhere({
      environment: environment.name,
      against: { revision: revision === commit ? commit : `${revision} (${commit.slice(0, 10)})` },
      notes: [...switchedOff(environment), ...renderingNotes(planned.releases.map(({ release }) => release))],
      warnings: warningsOf([
        ...resources.flatMap((one) => objectPairs(one, { unchanged: true })),
        ...releases.flatMap(({ pairs }) => pairs),
      ]),
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

async function side(context: SynthContext, helm: Helm, words: string): Promise<Side> {
  await synthesize(context).catch((error: Error) => {
    throw new OperationError(`${words} does not synthesize:\n${error.message}`);
  });
  const sides = await Promise.all(
    stacks.map(async (stack): Promise<Side> => {
      const directory = workingDirectory(context, stack);
      const file = path.join(directory, "cdk.tf.json");
      if (!fs.existsSync(file))
        throw new OperationError(`${words} has no stack ${stack}: nothing to compare with`);
      const configuration: unknown = JSON.parse(fs.readFileSync(file, "utf8"));
      // The credentials are the same on both sides, whatever they are.
      const releases = configuredReleases(configuration, { [credentialsRevision]: {} });
      return {
        resources: configuredResources(stack, configuration),
        releases: await Promise.all(
          releases.map(async (release) => ({
            release,
            objects: await renderRelease(helm, release, { directory, upgrade: true }),
          })),
        ),
      };
    }),
  );
  return {
    resources: sides.flatMap(({ resources }) => resources),
    releases: sides.flatMap(({ releases }) => releases),
  };
}

function comparedResources(
  old: readonly PlannedResource[],
  planned: readonly PlannedResource[],
): PlannedResource[] {
  const key = ({ stack, address }: PlannedResource) => `${stack} ${address}`;
  return paired(old, planned, key).flatMap(({ old: was, new: is }): PlannedResource[] => {
    if (!was || !is)
      return is ? [is] : was ? [{ ...was, action: "destroy", before: was.after, after: undefined }] : [];
    return [{ ...is, before: was.after, action: same(was.after, is.after) ? "none" : "change" }];
  });
}
