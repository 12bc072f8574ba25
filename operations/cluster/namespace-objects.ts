import type {
  CoreV1Event,
  KubeConfig,
  V1Job,
  V1Node,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
  V1Service,
  V1StatefulSet,
} from "@kubernetes/client-node";
import { statusCode } from "./api-error";
import { isReady } from "./is-ready";
import { KubernetesApi } from "./kubernetes-api";

/** What of a namespace says whether a release is ready. */
export interface NamespaceObjects {
  readonly pods: readonly V1Pod[];
  readonly claims: readonly V1PersistentVolumeClaim[];
  readonly replicaSets: readonly V1ReplicaSet[];
  readonly statefulSets: readonly V1StatefulSet[];
  readonly jobs: readonly V1Job[];
  readonly services: readonly V1Service[];
  readonly events: readonly CoreV1Event[];
  /** Those of the cluster, where a pod is not ready; empty where all are, or nodes may not be read. */
  readonly nodes: readonly V1Node[];
}

/** A namespace without anything. */
export const nothing: NamespaceObjects = {
  pods: [],
  claims: [],
  replicaSets: [],
  statefulSets: [],
  jobs: [],
  services: [],
  events: [],
  nodes: [],
};

/** Reads a namespace. What may not be read is left out: the rest still says something. */
export async function readNamespaceObjects(
  connection: KubeConfig,
  namespace: string,
): Promise<NamespaceObjects> {
  const api = new KubernetesApi(connection);
  const items = async <Item>(path: string): Promise<readonly Item[]> => {
    try {
      return await api.list<Item>(path);
    } catch (error) {
      if (statusCode(error) === 403 || statusCode(error) === 404) return [];
      throw error;
    }
  };
  const inNamespace = <Item>(group: string, plural: string) =>
    items<Item>(`/${group}/namespaces/${namespace}/${plural}`);
  const [pods, claims, replicaSets, statefulSets, jobs, services, events] = await Promise.all([
    inNamespace<V1Pod>("api/v1", "pods"),
    inNamespace<V1PersistentVolumeClaim>("api/v1", "persistentvolumeclaims"),
    inNamespace<V1ReplicaSet>("apis/apps/v1", "replicasets"),
    inNamespace<V1StatefulSet>("apis/apps/v1", "statefulsets"),
    inNamespace<V1Job>("apis/batch/v1", "jobs"),
    inNamespace<V1Service>("api/v1", "services"),
    inNamespace<CoreV1Event>("api/v1", "events"),
  ]);
  const nodes = pods.every(isReady) ? [] : await items<V1Node>("/api/v1/nodes");
  return { pods, claims, replicaSets, statefulSets, jobs, services, events, nodes };
}
