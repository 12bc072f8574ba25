import type {
  CoreV1Event,
  KubeConfig,
  V1Job,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
  V1Service,
  V1StatefulSet,
} from "@kubernetes/client-node";
import { statusCode } from "./api-error";
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
}

/** Reads a namespace. What may not be read is left out: the rest still says something. */
export async function readNamespaceObjects(
  connection: KubeConfig,
  namespace: string,
): Promise<NamespaceObjects> {
  const api = new KubernetesApi(connection);
  const items = async <Item>(group: string, plural: string): Promise<readonly Item[]> => {
    try {
      return await api.list<Item>(`/${group}/namespaces/${namespace}/${plural}`);
    } catch (error) {
      if (statusCode(error) === 403 || statusCode(error) === 404) return [];
      throw error;
    }
  };
  const [pods, claims, replicaSets, statefulSets, jobs, services, events] = await Promise.all([
    items<V1Pod>("api/v1", "pods"),
    items<V1PersistentVolumeClaim>("api/v1", "persistentvolumeclaims"),
    items<V1ReplicaSet>("apis/apps/v1", "replicasets"),
    items<V1StatefulSet>("apis/apps/v1", "statefulsets"),
    items<V1Job>("apis/batch/v1", "jobs"),
    items<V1Service>("api/v1", "services"),
    items<CoreV1Event>("api/v1", "events"),
  ]);
  return { pods, claims, replicaSets, statefulSets, jobs, services, events };
}
