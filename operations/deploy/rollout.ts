import type { NamespaceObjects } from "../cluster/namespace-objects";
import { notReadyFindings } from "../cluster/not-ready-findings";
import { isReady } from "../cluster/pod-not-ready";

/**
 * How far a release is, a line each: what is not ready and what it waits for, then how many of its pods are ready. The same
 * state gives the same lines, so that they can be de-duplicated.
 */
export function rolloutLines(objects: NamespaceObjects): string[] {
  const pods = objects.pods.filter(
    ({ status, metadata }) => status?.phase !== "Succeeded" && !metadata?.deletionTimestamp,
  );
  const waiting = notReadyFindings(objects).map(
    ({ object, reason, detail }) => `${object}: ${reason}${detail ? `: ${detail}` : ""}`,
  );
  if (pods.length === 0) return waiting;
  return [...waiting, `${pods.filter(isReady).length} of ${pods.length} pods ready`];
}
