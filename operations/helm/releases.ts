import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";

/** One revision of a release, as Helm records it in a Secret. */
export interface ReleaseRevision {
  readonly release: string;
  readonly namespace: string;
  readonly revision: number;
  /** `deployed`, `failed`, `superseded`, `pending-install`, `pending-upgrade`, `pending-rollback`, … */
  readonly status: string;
}

/**
 * The revisions of every release of some namespaces, the newest first.
 *
 * @see https://helm.sh/docs/topics/advanced/#storage-backends
 */
export async function releaseRevisions(
  connection: KubeConfig,
  namespaces: readonly string[],
): Promise<ReleaseRevision[]> {
  const api = connection.makeApiClient(CoreV1Api);
  const lists = await Promise.all(
    namespaces.map((namespace) => api.listNamespacedSecret({ namespace, labelSelector: "owner=helm" })),
  );
  return lists
    .flatMap(({ items }) => items)
    .map(({ metadata }) => ({
      release: metadata?.labels?.name ?? "",
      namespace: metadata?.namespace ?? "",
      revision: Number(metadata?.labels?.version),
      status: metadata?.labels?.status ?? "unknown",
    }))
    .sort((a, b) => a.release.localeCompare(b.release) || b.revision - a.revision);
}
