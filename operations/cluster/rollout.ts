import type { V1ObjectMeta } from "@kubernetes/client-node";
import { isReady } from "./is-ready";
import type { NamespaceObjects } from "./namespace-objects";
import { isOfTheLast, notReadyFindings } from "./not-ready-findings";
import { time } from "./object-events";
import { reasonLine } from "./not-ready-reason";

/**
 * How far a release is, a line each: what is not ready and what it waits for, then how many of its pods are ready. The same
 * state gives the same lines, so that they can be de-duplicated.
 */
export function rolloutLines(objects: NamespaceObjects): string[] {
  const pods = objects.pods.filter(
    (pod) =>
      !["Succeeded", "Failed"].includes(pod.status?.phase ?? "") &&
      !pod.metadata?.deletionTimestamp &&
      isOfTheLast(pod, objects),
  );
  const waiting = notReadyFindings(objects).map(reasonLine);
  if (pods.length === 0) return waiting;
  return [...waiting, `${pods.filter(isReady).length} of ${pods.length} pods ready`];
}

/** How far a release is that is taken away: the pods that are still there, ready or not, and nothing once they are gone. */
export function leavingLines({ pods }: NamespaceObjects): string[] {
  if (pods.length === 0) return [];
  return [`${pods.length} ${pods.length === 1 ? "pod is" : "pods are"} still there`];
}

/**
 * What of a namespace makes pods, and its pods, without what was there before a time: of that nobody knows yet whether it stays.
 *
 * @param from by the API server's clock, in milliseconds
 */
export function madeSince(objects: NamespaceObjects, from: number): NamespaceObjects {
  const made = ({ metadata }: { readonly metadata?: V1ObjectMeta }): boolean =>
    time(metadata?.creationTimestamp) >= from;
  return {
    ...objects,
    pods: objects.pods.filter(made),
    replicaSets: objects.replicaSets.filter(made),
    statefulSets: objects.statefulSets.filter(made),
    jobs: objects.jobs.filter(made),
  };
}
