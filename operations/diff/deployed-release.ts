import { fieldOwners } from "../cluster/field-owner";
import { identity, type KubernetesObject } from "../cluster/kubernetes-object";
import type { LiveObjects } from "../cluster/live-objects";
import { lastDeployed, type Revisions } from "../helm/read-releases";
import { manifestOf, type StoredRelease } from "../helm/stored-release";

/** A release as it is in the cluster: what was deployed last, and what is there now. */
export interface DeployedRelease {
  /** Every revision that Helm keeps. */
  readonly revisions: Revisions;
  /** The last that was deployed, which is what the next upgrade starts from; where none was, the newest. */
  readonly last: StoredRelease;
  /** What it deployed, without hooks, as Helm stores it; unmasked. */
  readonly deployed: readonly KubernetesObject[];
  /** Each of these objects as the cluster has it, undefined where it is gone; unmasked. */
  readonly live: readonly (KubernetesObject | undefined)[];
  /** Each of these objects as revisions that failed would have had it: Helm leaves there what they added. Unmasked. */
  readonly attempted: readonly (readonly KubernetesObject[])[];
  /** When the last revision was written, by the clock of the API server. @default - somebody is at it, or nobody says */
  readonly deployedUntil?: string;
}

/**
 * Reads what a release deployed, and what of it is there.
 *
 * @throws ApiError when the API server refuses; what Node throws where it does not answer
 */
export async function deployedRelease(
  cluster: Pick<LiveObjects, "find">,
  revisions: Revisions,
): Promise<DeployedRelease> {
  const last = lastDeployed(revisions);
  const deployed = manifestOf(last);
  const live = await Promise.all(deployed.map((object) => cluster.find(object)));
  const failed = revisions
    .filter(({ good, revision }) => !good && revision !== last.revision)
    .flatMap(manifestOf);
  const attempted = deployed.map((object) => failed.filter((other) => identity(other) === identity(object)));
  const written = revisions.flatMap(({ secret }) => fieldOwners(secret).flatMap(({ time }) => time ?? []));
  const deployedUntil = revisions[0].pending ? undefined : written.sort().at(-1);
  return { revisions, last, deployed, live, attempted, deployedUntil };
}
