import type { V1Node, V1NodeCondition, V1Pod, V1Taint } from "@kubernetes/client-node";
import { isReady } from "./is-ready";
import { oneLine } from "./one-line";

/** What keeps pods from a node, and what to do about it. */
export interface NodeFault {
  readonly node: string;
  /** In a few words, such as `not ready`. */
  readonly reason: string;
  readonly detail: string;
  readonly next: string;
  /** Whether somebody has set a taint, and nothing is wrong with the node. @default false */
  readonly byChoice?: true;
}

/** By the end of the taint's key that Kubernetes sets: the node's condition that says more, and what to do. */
const conditions: readonly (Omit<NodeFault, "node" | "detail"> & {
  readonly taint: string;
  readonly condition: string;
})[] = [
  {
    taint: "unreachable",
    condition: "Ready",
    reason: "away",
    next: "start NODE or its kubelet again; where it is gone for good: kubectl delete node NODE",
  },
  {
    taint: "not-ready",
    condition: "Ready",
    reason: "not ready",
    next: "see what its kubelet, its container runtime and its network plugin lack: kubectl describe node NODE",
  },
  {
    taint: "memory-pressure",
    condition: "MemoryPressure",
    reason: "short of memory",
    next: "free memory on NODE: what uses more than it asks for is in kubectl top pods -A; or add a node",
  },
  {
    taint: "disk-pressure",
    condition: "DiskPressure",
    reason: "short of disk",
    next: "free disk on NODE: unused images are the most of it (crictl rmi --prune), then logs",
  },
  {
    taint: "pid-pressure",
    condition: "PIDPressure",
    reason: "short of process ids",
    next: "end what starts so many processes on NODE, or raise its kubelet's limit",
  },
  {
    taint: "network-unavailable",
    condition: "NetworkUnavailable",
    reason: "without a network",
    next: "see that the cluster's network plugin runs on NODE: kubectl get pods -A -o wide --field-selector spec.nodeName=NODE",
  },
];

const cordon = {
  reason: "cordoned",
  detail: "somebody keeps new pods off it",
  next: "let it take pods again: kubectl uncordon NODE",
};

/** What is wrong with a node by itself; undefined where it takes every pod that it has room for. */
export function nodeFault(node: V1Node): NodeFault | undefined {
  const name = node.metadata?.name ?? "";
  const found = conditions.find(({ condition, taint }) => {
    const status = statusOf(node, condition)?.status;
    if (condition !== "Ready") return status === "True";
    return status !== undefined && status !== "True" && (status === "Unknown") === (taint === "unreachable");
  });
  if (found) return ofCondition(node, found);
  return node.spec?.unschedulable ? onNode(name, cordon) : undefined;
}

/** Why a pod may not come to a node: what is wrong with it before the taints that somebody chose. */
export function faultsFor(pod: V1Pod, node: V1Node): NodeFault[] {
  const taints = (node.spec?.taints ?? []).filter(
    (taint) => ["NoSchedule", "NoExecute"].includes(taint.effect) && !tolerates(pod, taint),
  );
  const found = taints.map((taint) => taintFault(taint, node));
  const wrong = found.filter(({ byChoice }) => !byChoice);
  // A node that does not answer is not ready either, and cordoned while it is repaired.
  return wrong.length ? wrong.slice(0, 1) : found;
}

function taintFault({ key, value, effect }: V1Taint, node: V1Node): NodeFault {
  const name = node.metadata?.name ?? "";
  const kubernetes = /^node\.kubernetes\.io\/(.+)$/.exec(key)?.[1];
  const found = conditions.find(({ taint }) => taint === kubernetes);
  if (found) return ofCondition(node, found);
  if (kubernetes === "unschedulable") return onNode(name, cordon);
  if (kubernetes === "out-of-service") {
    return onNode(name, {
      reason: "out of service",
      detail: "somebody has said that it is shut down",
      next: "once it is back: kubectl taint nodes NODE node.kubernetes.io/out-of-service-",
    });
  }
  if (/uninitialized$|unregistered$|agent-not-ready$/i.test(key)) {
    return onNode(name, {
      reason: "not set up yet",
      detail: `the controller or agent that takes ${key} off has not done so`,
      next: "see that it runs: kubectl get pods -A -o wide --field-selector spec.nodeName=NODE",
    });
  }
  if (/ClusterAutoscaler$|^karpenter\.sh\/(disrupted|disruption)$/.test(key)) {
    return onNode(name, {
      reason: "about to be removed",
      detail: `the autoscaler of the nodes has set ${key}`,
      next: "wait for another node, or see why the autoscaler brings none",
    });
  }
  const taint = `${key}${value ? `=${value}` : ""}:${effect}`;
  return {
    ...onNode(name, {
      reason: "tainted",
      detail: `taint ${taint}`,
      next: `take the taint off the node (kubectl taint nodes NODE ${key}-), or add a toleration of ${taint} to the values`,
    }),
    byChoice: true,
  };
}

function ofCondition(node: V1Node, { condition, reason, next }: (typeof conditions)[number]): NodeFault {
  const { message, lastTransitionTime } = statusOf(node, condition) ?? {};
  const since = lastTransitionTime ? `since ${new Date(lastTransitionTime).toISOString()}` : "";
  const detail = [message && oneLine(message), since].filter(Boolean).join(", ");
  return onNode(node.metadata?.name ?? "", { reason, detail, next });
}

function statusOf({ status }: V1Node, condition: string): V1NodeCondition | undefined {
  return status?.conditions?.find(({ type }) => type === condition);
}

function onNode(node: string, fault: Pick<NodeFault, "reason" | "detail" | "next">): NodeFault {
  return { node, ...fault, next: fault.next.replaceAll("NODE", node) };
}

/** @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
function tolerates({ spec }: V1Pod, { key, value, effect }: V1Taint): boolean {
  return (spec?.tolerations ?? []).some(
    (one) =>
      (!one.effect || one.effect === effect) &&
      (one.operator === "Exists"
        ? !one.key || one.key === key
        : one.key === key && (one.value ?? "") === (value ?? "")),
  );
}

/**
 * What is wrong with the node that a pod is on, so that nothing of the pod is known any more; undefined where its kubelet
 * answers, or nodes may not be read.
 */
export function lostNode({ spec }: V1Pod, nodes: readonly V1Node[]): NodeFault | undefined {
  if (!spec?.nodeName || !nodes.length) return undefined;
  const node = nodes.find(({ metadata }) => metadata?.name === spec.nodeName);
  if (!node) {
    return onNode(spec.nodeName, {
      reason: "gone",
      detail: "the cluster has no such node any more",
      next: "wait until Kubernetes has taken its pods away, or add a node",
    });
  }
  return isReady(node) || !statusOf(node, "Ready") ? undefined : nodeFault(node);
}
