import { isReady } from "./is-ready";
import type { NamespaceObjects } from "./namespace-objects";
import { notReadyFindings } from "./not-ready-findings";
import { reasonLine } from "./not-ready-reason";

/**
 * How far a release is, a line each: what is not ready and what it waits for, then how many of its pods are ready. The same
 * state gives the same lines, so that they can be de-duplicated.
 */
export function rolloutLines(objects: NamespaceObjects): string[] {
  const pods = objects.pods.filter(
    ({ status, metadata }) =>
      !["Succeeded", "Failed"].includes(status?.phase ?? "") && !metadata?.deletionTimestamp,
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
