import type { KubeConfig, V1Pod } from "@kubernetes/client-node";
import { credentialsRevisionAnnotation } from "../../settings/credentials";
import { KubernetesApi } from "./kubernetes-api";
import { readSecret } from "./secret";

/** What is looked for in a Secret. */
export interface ReplacedCredential {
  readonly namespace: string;
  /** Of the Secret. */
  readonly name: string;
  /** Of the Secret. */
  readonly key: string;
  readonly old: string;
  readonly value: string;
  /** Of the Secret, before and with the new value. */
  readonly revisions: { readonly old: string; readonly new: string };
}

/** Which value of a credential the cluster uses. */
export interface CredentialsInCluster {
  /** `new` where the Secret has the new value, and the old one nowhere. */
  readonly secret: "new" | "old" | "neither";
  /** Pods that read the Secret and were made with this revision. */
  readonly newPods: readonly string[];
  /** Pods that read the Secret as it was before. */
  readonly oldPods: readonly string[];
}

/**
 * Looks which value of a credential the cluster uses: its Secret, and the pods that read it when they start.
 *
 * @throws ApiError when the API server refuses, or does not answer
 */
export async function credentialsInCluster(
  connection: KubeConfig,
  { namespace, name, key, old, value, revisions }: ReplacedCredential,
): Promise<CredentialsInCluster> {
  const [found, pods] = await Promise.all([
    readSecret(connection, { namespace, name }),
    new KubernetesApi(connection).list<V1Pod>(`/api/v1/namespaces/${namespace}/pods`),
  ]);
  const data = typeof found === "object" ? found.data : {};
  const hasOld = Object.values(data).some((content) => content.includes(old));
  const readers = pods.flatMap(({ metadata }) => {
    const made = metadata?.annotations?.[credentialsRevisionAnnotation];
    // One that is being deleted serves nobody any more.
    if (metadata?.deletionTimestamp) return [];
    // Pods that read another Secret of the namespace have its revision.
    const current = made === revisions.new;
    return current || made === revisions.old ? [{ name: metadata?.name ?? "", current }] : [];
  });
  return {
    secret: hasOld ? "old" : data[key] === value ? "new" : "neither",
    newPods: readers.filter(({ current }) => current).map(({ name }) => name),
    oldPods: readers.filter(({ current }) => !current).map(({ name }) => name),
  };
}
