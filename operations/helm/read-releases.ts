import { fieldAt, type KubernetesObject } from "../cluster/kubernetes-object";
import type { KubernetesApi } from "../cluster/kubernetes-api";
import { type StoredRelease, storedRelease } from "./stored-release";

/** The revisions of one release that Helm keeps, the newest first; never empty. */
export type Revisions = readonly [StoredRelease, ...StoredRelease[]];

/**
 * The releases of some namespaces, by name.
 *
 * @param namespaces those that are not there have no releases
 */
export async function readReleases(api: KubernetesApi, namespaces: readonly string[]): Promise<Revisions[]> {
  const lists = await Promise.all(
    namespaces.map((namespace) =>
      api.list<KubernetesObject>(`/api/v1/namespaces/${namespace}/secrets?labelSelector=owner%3Dhelm`),
    ),
  );
  const found = new Map<string, StoredRelease[]>();
  for (const item of lists.flat()) {
    // A list says once what its items are.
    const release = storedRelease({ ...item, apiVersion: "v1", kind: "Secret" });
    const key = `${release.namespace}/${release.name}`;
    found.set(key, [...(found.get(key) ?? []), release]);
  }
  return [...found.values()].map(
    (revisions) => revisions.sort((a, b) => b.revision - a.revision) as unknown as Revisions,
  );
}

/** What was deployed last: the newest revision that says so, or the newest of all where none does. */
export function lastDeployed(revisions: Revisions): StoredRelease {
  return revisions.find(({ status }) => status === "deployed") ?? revisions[0];
}

/** Path of the Secret that holds a revision. */
export function secretPath({ secret }: StoredRelease): string {
  return `/api/v1/namespaces/${String(fieldAt(secret, "metadata", "namespace"))}/secrets/${secret.metadata.name}`;
}
