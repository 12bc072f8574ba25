import type { V1Pod } from "@kubernetes/client-node";
import type { NotReadyFinding } from "./not-ready-reason";

/**
 * Why no node takes a pod; undefined for one that has a node, or that was not looked at yet.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/
 */
export function unschedulable(pod: V1Pod): Omit<NotReadyFinding, "object"> | undefined {
  const condition = (pod.status?.conditions ?? []).find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  if (!condition) return undefined;
  const { message = "" } = condition;
  // What preemption would do helps nobody.
  const detail = message
    .replace(/[.,]?\s*(no new claims to deallocate|preemption:).*$/s, "")
    .replace(/\s+/g, " ")
    .trim();
  const short = [
    ...new Set([...message.matchAll(/Insufficient ([\w-]+(?:[./][\w-]+)*)/g)].map(([, name]) => name ?? "")),
  ];
  if (short.length) {
    const asked = short.map((name) => `${requested(pod, name)} ${name}`).join(" and ");
    return {
      reason: `unschedulable: not enough ${short.join(", ")}`,
      detail: `it asks for ${asked}; ${detail}`,
      next: short.some((name) => name.includes("/"))
        ? "free a GPU, add a node with more of them, or lower gpu.count in the environment's file"
        : "free what other pods hold, add a node, or lower resources.requests in the values",
    };
  }
  if (/unbound (immediate )?PersistentVolumeClaims|persistentvolumeclaim ".*" not found/i.test(message)) {
    return {
      reason: "unschedulable: its claim is not bound",
      detail,
      next: "see the claim",
    };
  }
  if (/cannot allocate all claims|resource ?claim/i.test(message)) {
    return {
      reason: "unschedulable: no node has the devices that it claims",
      detail,
      next: "free a device, add a node with more of them, or correct gpu.deviceClass or gpu.claimTemplate in the environment's file",
    };
  }
  if (/untolerated taint/.test(message)) {
    return {
      reason: "unschedulable: taint",
      detail,
      next: "take the taint off the node (kubectl taint nodes NODE KEY-), or add a toleration to the values",
    };
  }
  if (/volume node affinity conflict/.test(message)) {
    return {
      reason: "unschedulable: its volume is on another node",
      detail,
      next: "make room on the node that has the volume",
    };
  }
  return {
    reason: "unschedulable",
    detail,
    next: "look at nodeSelector and affinity in the values, and at kubectl get nodes",
  };
}

/** What the containers of a pod ask for together, as they write it where there is one alone. */
function requested({ spec }: V1Pod, resource: string): string {
  const found = (spec?.containers ?? []).flatMap(({ resources }) => resources?.requests?.[resource] ?? []);
  return found.length ? found.join(" + ") : "more";
}
