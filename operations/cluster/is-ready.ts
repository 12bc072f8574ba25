import type { V1Node, V1Pod } from "@kubernetes/client-node";

/** Whether a pod takes requests, or a node pods. */
export function isReady({ status, metadata }: V1Pod | V1Node): boolean {
  return (
    !metadata?.deletionTimestamp &&
    (status?.conditions ?? []).some(({ type, status: met }) => type === "Ready" && met === "True")
  );
}
