import type { KubernetesApi } from "../cluster/kubernetes-api";
import type { KubernetesObject } from "../cluster/kubernetes-object";
import { liveObject, type ResourceKinds } from "../cluster/resource-kinds";
import { lastDeployed, readReleases, type Revisions } from "../helm/read-releases";
import { manifestOf, type StoredRelease } from "../helm/stored-release";

/** A release as it is in the cluster: what was deployed last, and what is there now. */
export interface DeployedRelease extends Pick<StoredRelease, "revision" | "description" | "version"> {
  /** What was deployed, without hooks, as Helm stores it; unmasked. */
  readonly deployed: readonly KubernetesObject[];
  /** Those of the objects that the cluster has, as they are there; unmasked. */
  readonly live: readonly KubernetesObject[];
  /** Every revision that Helm keeps. */
  readonly revisions: Revisions;
}

/**
 * Reads a release from the cluster: of its revisions the last one that was deployed, which is what the next upgrade starts
 * from; where none was, the newest.
 *
 * @returns undefined where the cluster has no release of that name
 * @throws ApiError when the API server refuses; what Node throws where it does not answer
 */
export async function deployedRelease(
  api: KubernetesApi,
  kinds: ResourceKinds,
  { name, namespace }: { readonly name: string; readonly namespace: string },
): Promise<DeployedRelease | undefined> {
  const revisions = (await readReleases(api, [namespace])).find(([newest]) => newest.name === name);
  if (!revisions) return undefined;
  const { revision, description, version, ...release } = lastDeployed(revisions);
  const deployed = manifestOf(release);
  const live = await Promise.all(deployed.map((object) => liveObject(api, kinds, object)));
  return {
    revision,
    description,
    version,
    deployed,
    live: live.filter((object) => object !== undefined),
    revisions,
  };
}
