import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { faultsFor, type NodeFault } from "./node-fault";
import type { NotReadyFinding } from "./not-ready-reason";

/** How many nodes are told one by one. */
const shown = 3;

/**
 * Why no node takes a pod; undefined for one that has a node, or that was not looked at yet.
 *
 * @param nodes of the cluster; empty where they may not be read
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/
 */
export function unschedulable(
  pod: V1Pod,
  nodes: readonly V1Node[],
): Omit<NotReadyFinding, "object"> | undefined {
  const condition = (pod.status?.conditions ?? []).find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  if (!condition) return undefined;
  const { message = "" } = condition;
  // What preemption would do helps nobody.
  const said = message
    .replace(/[.,]?\s*(no new claims to deallocate|preemption:).*$/s, "")
    .replace(/\s+/g, " ")
    .trim();
  // The scheduler does not say which taint, of which node, nor what is wrong with it.
  const faults = /untolerated taint|were unschedulable/.test(message)
    ? nodes.filter((node) => isChosen(pod, node)).flatMap((node) => faultsFor(pod, node))
    : [];
  const wrong = faults.filter(({ byChoice }) => !byChoice);
  const detail = [said, ...inWords(faults)].join("; ");
  const short = [
    ...new Set([...message.matchAll(/Insufficient ([\w-]+(?:[./][\w-]+)*)/g)].map(([, name]) => name ?? "")),
  ];
  if (short.length) {
    const asked = short.map((name) => `${requested(pod, name)} ${name}`).join(" and ");
    const isDevice = (name: string): boolean => name.includes("/");
    const free = [
      ...(short.some(isDevice)
        ? ["free a GPU, add a node with more of them, or lower gpu.count in the environment's file"]
        : []),
      ...(short.every(isDevice)
        ? []
        : ["free what other pods hold, add a node, or lower resources.requests in the values"]),
    ].join("; and ");
    return {
      reason: `unschedulable: not enough ${short.join(", ")}`,
      detail: `it asks for ${asked}; ${detail}`,
      next: wrong[0] ? `${wrong[0].next}; or ${free}` : free,
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
  const [fault] = wrong.length ? wrong : faults;
  if (fault) {
    return {
      reason: fault.byChoice ? "unschedulable: taint" : `unschedulable: node ${fault.reason}`,
      detail,
      next: fault.next,
    };
  }
  return { reason: "unschedulable", detail, ...otherwise(message) };
}

function otherwise(
  message: string,
): Pick<NotReadyFinding, "reason" | "next"> | Pick<NotReadyFinding, "next"> {
  if (/untolerated taint|were unschedulable/.test(message)) {
    return {
      reason: "unschedulable: taint",
      next: "kubectl describe nodes says which, and what is wrong with a node that Kubernetes itself has tainted (node.kubernetes.io/…)",
    };
  }
  if (/volume node affinity conflict/.test(message)) {
    return {
      reason: "unschedulable: its volume is on another node",
      next: "make room on the node that has the volume",
    };
  }
  if (/Too many pods|no nodes available/.test(message)) {
    return { next: "add a node, or free what other pods hold: a kubelet takes as many as its maxPods says" };
  }
  return { next: "look at nodeSelector and affinity in the values, and at kubectl get nodes" };
}

/** Whether the pod's own nodeSelector lets it come to a node. */
function isChosen({ spec }: V1Pod, { metadata }: V1Node): boolean {
  return Object.entries(spec?.nodeSelector ?? {}).every(
    ([label, value]) => metadata?.labels?.[label] === value,
  );
}

/** What is wrong before what somebody chose. */
function inWords(faults: readonly NodeFault[]): string[] {
  const sorted = [...faults].sort((a, b) => Number(a.byChoice ?? 0) - Number(b.byChoice ?? 0));
  const words = sorted.map(
    ({ node, reason, detail }) => `node ${node} is ${reason}${detail ? `: ${detail}` : ""}`,
  );
  return words.length > shown ? [...words.slice(0, shown), `and ${words.length - shown} more nodes`] : words;
}

/** What the containers of a pod ask for together, as they write it where there is one alone. */
function requested({ spec }: V1Pod, resource: string): string {
  const found = (spec?.containers ?? []).flatMap(({ resources }) => resources?.requests?.[resource] ?? []);
  return found.length ? found.join(" + ") : "more";
}
