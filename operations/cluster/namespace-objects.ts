import {
  AppsV1Api,
  BatchV1Api,
  type CoreV1Event,
  CoreV1Api,
  type KubeConfig,
  type V1Job,
  type V1PersistentVolumeClaim,
  type V1Pod,
  type V1ReplicaSet,
  type V1Service,
  type V1StatefulSet,
} from "@kubernetes/client-node";
import { statusCode } from "./api-error";

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
  const core = connection.makeApiClient(CoreV1Api);
  const apps = connection.makeApiClient(AppsV1Api);
  const batch = connection.makeApiClient(BatchV1Api);
  const [pods, claims, replicaSets, statefulSets, jobs, services, events] = await Promise.all([
    items(core.listNamespacedPod({ namespace })),
    items(core.listNamespacedPersistentVolumeClaim({ namespace })),
    items(apps.listNamespacedReplicaSet({ namespace })),
    items(apps.listNamespacedStatefulSet({ namespace })),
    items(batch.listNamespacedJob({ namespace })),
    items(core.listNamespacedService({ namespace })),
    items(core.listNamespacedEvent({ namespace })),
  ]);
  return { pods, claims, replicaSets, statefulSets, jobs, services, events };
}

async function items<Item>(list: Promise<{ items: Item[] }>): Promise<readonly Item[]> {
  try {
    return (await list).items;
  } catch (error) {
    if (statusCode(error) === 403 || statusCode(error) === 404) return [];
    throw error;
  }
}
