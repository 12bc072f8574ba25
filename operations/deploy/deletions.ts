import type { KubeConfig, V1Namespace, V1Node, V1ObjectMeta, V1Pod } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { heldBy } from "../cluster/held-by";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { reasonLine } from "../cluster/not-ready-reason";
import { oneLine } from "../cluster/one-line";
import { podNotReady } from "../cluster/pod-not-ready";
import { collectionPath, listedKinds, resourceKinds } from "../cluster/resource-kinds";
import { OperationError } from "../errors/operation-error";

/** How long a deletion takes that waits for nobody. */
const promptMs = 5000;

/** As long as a namespace may take: pods get their grace period. */
const podsMs = 10 * 60_000;

/** What was deleted in some namespaces and is still there, and what it waits for: a line each, and what to do about it. */
export async function heldDeletions(
  connection: KubeConfig,
  namespaces: readonly string[],
): Promise<string[]> {
  const api = new KubernetesApi(connection);
  const [kinds, nodes] = await Promise.all([
    resourceKinds(api),
    api.list<V1Node>("/api/v1/nodes").catch((): V1Node[] => []),
  ]);
  const inNamespace = async (namespace: string): Promise<string[]> => {
    const found = await Promise.all([
      namespaceLines(api, namespace),
      ...listedKinds(kinds.filter(({ namespaced }) => namespaced)).map(async (kind) => {
        // Some kinds may not be listed by everybody, or are gone with their controller.
        const all = await api.list<V1Pod>(collectionPath(kind, namespace)).catch((): V1Pod[] => []);
        return all
          .filter(({ metadata }) => metadata?.deletionTimestamp)
          .map((object) => (kind.kind === "Pod" ? podLine(object, nodes) : line(kind.kind, object.metadata)));
      }),
    ]);
    return found.flat().map((text) => `${namespace}: ${text}`);
  };
  return (await Promise.all(namespaces.map(inNamespace))).flat();
}

function podLine(pod: V1Pod, nodes: readonly V1Node[]): string {
  const found = podNotReady(pod, { events: [], nodes });
  return found ? `${reasonLine(found)}; ${found.next}` : line("Pod", pod.metadata);
}

function line(kind: string, metadata: V1ObjectMeta | undefined): string {
  const held = heldBy(kind.toLowerCase(), metadata);
  return `${kind}/${metadata?.name}: still being deleted${held ? `: ${held.detail}; ${held.next}` : ""}`;
}

/** What Kubernetes says of a namespace that is being deleted, such as that an API server of its own kinds is away. */
async function namespaceLines(api: KubernetesApi, name: string): Promise<string[]> {
  const found = await api.find<V1Namespace>(`/api/v1/namespaces/${name}`);
  if (!found?.metadata?.deletionTimestamp) return [];
  return (found.status?.conditions ?? [])
    .filter(({ status, message }) => status === "True" && message)
    .map(({ message = "" }) => `Namespace/${name}: still being deleted: ${oneLine(message)}`);
}

/**
 * Says what deletions in some namespaces wait for, each once, as long as they go on.
 *
 * @returns ends it
 */
export function watchDeletions(
  connection: KubeConfig,
  namespaces: readonly string[],
  say: (line: string) => void,
): () => void {
  const end = new AbortController();
  const said = new Set<string>();
  const pause = () => sleep(promptMs, undefined, { signal: end.signal, ref: false }).catch(() => undefined);
  void (async () => {
    if (namespaces.length === 0) return;
    for (await pause(); !end.signal.aborted; await pause()) {
      const lines = await heldDeletions(connection, namespaces).catch((): string[] => []);
      for (const text of lines.filter((one) => !said.has(one) && !end.signal.aborted)) {
        said.add(text);
        say(text);
      }
    }
  })();
  return () => end.abort();
}

/**
 * Waits until the pods of workloads that are gone are gone too: Helm does not, and what guards a namespace, such as its
 * NetworkPolicies, has to outlive them.
 *
 * @param signal ends the waiting
 * @throws OperationError when they are still there after 10 minutes
 */
export async function podsGone(
  connection: KubeConfig,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const api = new KubernetesApi(connection);
  const until = Date.now() + podsMs;
  for (;;) {
    const ending = await Promise.all(namespaces.map((namespace) => endingPods(api, namespace)));
    if (signal.aborted || ending.flat().length === 0) return;
    if (Date.now() > until) {
      const held = await heldDeletions(connection, namespaces);
      throw new OperationError(
        [
          "pods are still there 10 minutes after their release was taken away, and what guards them stays as long:",
          ...held.map((text) => `  ${text}`),
          "see to that, then run this again: it goes on where it ended",
        ].join("\n"),
      );
    }
    await sleep(500, undefined, { signal }).catch(() => undefined);
  }
}

/** Workloads that make pods, by the path of their group. */
const workloads = [
  ["Deployment", "apps/v1", "deployments"],
  ["ReplicaSet", "apps/v1", "replicasets"],
  ["StatefulSet", "apps/v1", "statefulsets"],
  ["DaemonSet", "apps/v1", "daemonsets"],
  ["Job", "batch/v1", "jobs"],
] as const;

interface Owned {
  readonly metadata?: V1ObjectMeta;
}

/** The pods of a namespace that were told to end, or will be, since what made them is gone. */
async function endingPods(api: KubernetesApi, namespace: string): Promise<V1Pod[]> {
  const [pods, ...owners] = await Promise.all([
    api.list<V1Pod>(`/api/v1/namespaces/${namespace}/pods`),
    ...workloads.map(([, group, plural]) =>
      api.list<Owned>(`/apis/${group}/namespaces/${namespace}/${plural}`),
    ),
  ]);
  return pods.filter((pod) => isGoing(pod, owners.flat()));
}

/** Whether an object is deleted, or what it belongs to. */
export function isGoing({ metadata }: Owned, owners: readonly Owned[]): boolean {
  if (metadata?.deletionTimestamp) return true;
  return (metadata?.ownerReferences ?? [])
    .filter(({ kind }) => workloads.some(([known]) => known === kind))
    .some(({ uid }) => {
      const owner = owners.find((one) => one.metadata?.uid === uid);
      return !owner || isGoing(owner, owners);
    });
}
