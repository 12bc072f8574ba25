import type { V1ObjectMeta, V1Pod } from "@kubernetes/client-node";
import type { NamespaceObjects } from "./namespace-objects";
import { notReadyFindings } from "./not-ready-findings";
import type { Incurable, NotReadyFinding } from "./not-ready-reason";

/** Why something is not ready and does not become so by waiting. */
export interface IncurableFinding extends NotReadyFinding {
  readonly incurable: Incurable;
}

/**
 * Why a release cannot become ready; empty as long as it may.
 *
 * What is in its namespace and not of it, such as a pod that somebody tries something with, is not waited for either.
 *
 * @param release Helm's name of it
 */
export function incurableFindings(objects: NamespaceObjects, release: string): IncurableFinding[] {
  const found = notReadyFindings(objects);
  const incurable = found.filter(
    (finding): finding is IncurableFinding =>
      finding.incurable !== undefined && concerns(finding.object, release, objects),
  );
  const certain = incurable.filter(({ incurable: { restarts } }) => !restarts);
  // What ends again and again may only miss what is not ready yet for a reason that goes by.
  const mayStill = found.some((finding) => finding.incurable === undefined);
  return certain.length || mayStill ? certain : incurable;
}

/** @param object such as `Pod/chat-5d8f9` */
function concerns(object: string, release: string, objects: NamespaceObjects): boolean {
  const [kind, name] = object.split("/");
  const { pods, replicaSets, statefulSets } = objects;
  const isMet = ({ metadata }: { readonly metadata?: V1ObjectMeta }): boolean =>
    metadata?.name === name && isOf(metadata, release, objects);
  if (kind === "Pod") return pods.some(isMet);
  if (kind === "ReplicaSet") return replicaSets.some(isMet);
  if (kind === "StatefulSet") return statefulSets.some(isMet);
  const mounts = ({ spec }: V1Pod): boolean =>
    (spec?.volumes ?? []).some((volume) => volume.persistentVolumeClaim?.claimName === name);
  return (
    kind === "PersistentVolumeClaim" &&
    pods.some((pod) => mounts(pod) && isOf(pod.metadata, release, objects))
  );
}

/** Whether Helm waits for an object: one of the release, one that belongs to such a one, or a hook. */
export function isOf(
  metadata: V1ObjectMeta | undefined,
  release: string,
  objects: Pick<NamespaceObjects, "replicaSets" | "statefulSets" | "jobs">,
): boolean {
  const { annotations = {}, ownerReferences = [] } = metadata ?? {};
  if (annotations["helm.sh/hook"]) return true;
  // A Deployment hands its annotations down to its ReplicaSets.
  const made = annotations["meta.helm.sh/release-name"];
  if (made !== undefined) return made === release;
  const { replicaSets, statefulSets } = objects;
  const hooks = objects.jobs.filter((job) => job.metadata?.annotations?.["helm.sh/hook"]);
  return [...replicaSets, ...statefulSets, ...hooks].some(
    (owner) =>
      ownerReferences.some(({ uid }) => uid === owner.metadata?.uid) &&
      isOf(owner.metadata, release, objects),
  );
}
