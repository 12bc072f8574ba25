import { releasesOf } from "../../applications/releases";
import { clusterError } from "../cluster/api-error";
import { readRecords, recordsAt } from "../cluster/deploy-records";
import { connect } from "../cluster/kubeconfig";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { compareObjects } from "../diff/compare-objects";
import { findHelm, Helm } from "../helm/helm";
import { pairObjects } from "../cluster/kubernetes-object";
import type { CredentialsContext } from "../secrets/deploy-credentials";
import { Masker } from "../secrets/masking";
import { objectText } from "../diff/text-report";
import { warningsOf } from "../diff/warnings/warnings";
import { OperationError } from "../errors/operation-error";
import { secretsRead } from "../releases/secrets-read";
import { commitsToRevert, revertAdvice } from "../releases/commits-to-revert";
import { dataLosses } from "../diff/data-loss";
import { howToFree } from "../releases/how-to-free";
import { helmRollback } from "../releases/helm-rollback";
import { lastDeployed, readReleases, type Revisions } from "../helm/read-releases";
import { rollbackTarget, unsteadyRevisions } from "../releases/rollback-target";
import { manifestOf, type StoredRelease } from "../helm/stored-release";
import { duration } from "../releases/stuck";
import { nearest } from "../../settings/nearest";
import { releaseTimeout } from "../../applications/release-timeout";
import { columns, marked, sections } from "../terminal/columns";
import { recorded } from "./recorded";

export interface RollbackContext extends CredentialsContext {
  readonly release: string;
  /** @default - the last good one before the current */
  readonly revision?: number;
  readonly print: (text: string) => void;
  readonly ask: (question: string) => Promise<void>;
}

/**
 * Takes an application back to a revision that was good, after a question, and says which commit to revert.
 *
 * @throws OperationError when there is nothing to go back to, data would be lost, a Secret is gone, or pods do not become ready
 */
export async function rollback(context: RollbackContext): Promise<void> {
  const { root, environment, variables, release, print, ask } = context;
  const helm = new Helm(findHelm(variables), variables, root, environment);
  const connection = connect(root, environment);
  const masker = new Masker();
  const api = new KubernetesApi(connection);
  const revisions = await revisionsOf(context, api);
  const [current] = revisions;
  if (current.pending) {
    throw new OperationError(
      `release ${release} is ${current.status}, and nothing was changed: ${await howToFree(context)}`,
    );
  }
  const records = await readRecords(recordsAt(connection, environment)).catch(() => []);
  const unsteady = unsteadyRevisions(records, release);
  const target = rollbackTarget(revisions, unsteady, context.revision);
  print(changes(lastDeployed(revisions), current, target, masker));
  await refuseMissingSecrets(api, target);
  await ask(`roll ${release} of ${environment.name} back to revision ${target.revision}?`);
  await recorded(
    { root, environment, action: "rollback", say: (line) => print(`${line}\n`) },
    async (interruption) => {
      // Somebody may have deployed while the question was asked.
      const [now] = await revisionsOf(context, api);
      if (now.revision !== current.revision || now.status !== current.status) {
        throw new OperationError(
          `release ${release} is at revision ${now.revision} (${now.status}) by now: nothing was changed, run this again`,
        );
      }
      print(`waiting for its pods, ${duration(releaseTimeout(environment, release))} at most\n`);
      await helmRollback({
        ...{ environment, helm, connection, interruption, release },
        namespace: target.namespace,
        revision: target.revision,
        mask: (text) => masker.text(text),
      });
      return {
        result: "succeeded",
        note: `${release}: revision ${current.revision} back to ${target.revision}`,
      };
    },
  );
  const bad = lastChange(revisions);
  const from = { bad: bad.revision, good: target.revision };
  const advice = revertAdvice(
    await commitsToRevert({ root, environment }, release, from, records),
    bad.madeBy,
  );
  print(`release ${release} is ready, as it was at revision ${target.revision}\n\n`);
  print(`so that it stays so:\n${advice.map((line) => `  ${line}\n`).join("")}`);
}

/** The revision that something new came with: a rollback, and what failed of one, brings nothing new. */
function lastChange(revisions: Revisions): StoredRelease {
  return revisions.find((one) => one.rolledBackTo === undefined) ?? revisions[0];
}

async function revisionsOf(
  { environment, release }: RollbackContext,
  api: KubernetesApi,
): Promise<Revisions> {
  const wanted = releasesOf(environment).find(({ name }) => name === release);
  if (!wanted) {
    const names = releasesOf(environment).map(({ name }) => name);
    const meant = nearest(release, names);
    throw new OperationError(
      `${release} is not a release here${meant ? `, did you mean ${meant}?` : ""} (there are: ${names.join(", ")})`,
    );
  }
  const releases = await readReleases(api, [wanted.namespace]).catch((error: unknown) => {
    throw clusterError(`release ${release} could not be read`, error, environment);
  });
  const found = releases.find(([{ name }]) => name === release);
  if (found) return found;
  throw new OperationError(
    `release ${release} is not in the context ${environment.cluster.context}: deploy it first with npm run deploy`,
  );
}

/** A pod whose Secret is gone is never started: a credential may have been taken away since. */
async function refuseMissingSecrets(api: KubernetesApi, target: StoredRelease): Promise<void> {
  const manifest = manifestOf(target);
  const brought = manifest.filter(({ kind }) => kind === "Secret").map(({ metadata }) => metadata.name);
  const names = [...new Set(manifest.flatMap(secretsRead))].filter((name) => !brought.includes(name));
  const found = await Promise.all(
    names.map((name) => api.find(`/api/v1/namespaces/${target.namespace}/secrets/${name}`)),
  );
  const missing = names.filter((_, i) => !found[i]);
  if (missing.length === 0) return;
  throw new OperationError(
    `release ${target.name} is not rolled back to revision ${target.revision}, whose pods read what is not in ${target.namespace} any more: ${missing.join(", ")}: revert the commit that took it away and deploy instead`,
  );
}

/** What a rollback changes, object by object, for a terminal of 80 columns; lines of manifests may be longer. */
function changes(
  deployed: StoredRelease,
  current: StoredRelease,
  target: StoredRelease,
  masker: Masker,
): string {
  // What a failed upgrade got to is not known: what it wanted is in its manifest, and Helm compares with that.
  const mask = (release: StoredRelease) => manifestOf(release).map((object) => masker.object(object));
  const pairs = pairObjects(mask(current), mask(target));
  const losses = [
    ...new Set([...dataLosses(pairs), ...dataLosses(pairObjects(mask(deployed), mask(target)))]),
  ];
  if (losses.length > 0) {
    throw new OperationError(
      [
        `release ${target.name} is not rolled back to revision ${target.revision}, which would touch data:`,
        ...losses.map((loss) => `  ${loss}`),
        "revert the commit that changed it and deploy instead, which keeps the claims",
      ].join("\n"),
    );
  }
  const objects = compareObjects(pairs).map(objectText);
  const head = [
    ["release", `${target.name} in ${target.namespace}`],
    ["from", words(current)],
    ["to", words(target)],
  ];
  const parts = [
    columns([10], head),
    marked(
      "!",
      warningsOf(pairs).map(({ text }) => text),
    ),
    ...(objects.length ? objects : ["the manifests of both are the same"]),
  ];
  return masker.text(sections(parts));
}

function words({ revision, status, version, chart, deployedAt, description }: StoredRelease): string {
  const time = deployedAt.toISOString().replace(/\.\d+/, "");
  return `revision ${revision} (${status}), ${chart} ${version}, ${time}: ${description}`;
}
