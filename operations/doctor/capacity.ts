import type { V1Node, V1Pod, V1Taint } from "@kubernetes/client-node";
import { releasesOf } from "../../applications/releases";
import { kubectlCommand } from "../cluster/kubectl-command";
import { isReady } from "../cluster/is-ready";
import type { Environment } from "../../settings/environment";
import { type Check, checkOf } from "./check";
import { type Amounts, type ClusterFacts, nameOf, valueOf } from "./cluster-facts";
import { amount, quantity } from "./quantity";
import type { PodRequest } from "./requests";

/** A node that takes pods, and what pods of others leave free on it. */
interface FreeNode {
  readonly node: V1Node;
  readonly free: { [resource: string]: number };
}

type Facts = Pick<ClusterFacts, "nodes" | "pods" | "autoscaled">;

/**
 * Whether a node has the GPUs that each release asks for, free of others' pods: its pod waits for ever otherwise.
 *
 * @param own the platform's namespaces, whose pods a deploy replaces
 */
export function gpuChecks(facts: Facts, environment: Environment, own: readonly string[]): Check[] {
  const asking = releasesOf(environment).flatMap((release) =>
    Object.entries(release.application.gpus?.(release.own) ?? {})
      .filter(([, count]) => count > 0)
      .map(([resource, count]) => ({ release: release.name, resource, count })),
  );
  if ("refused" in facts.nodes) {
    const { refused } = facts.nodes;
    return asking.map(({ resource }) => checkOf("capacity", resource).notChecked(refused));
  }
  const free = freeNodes(facts.nodes.value, valueOf(facts.pods) ?? [], own);
  return asking.map((one, i) => {
    const others = asking.filter(
      ({ release, resource }) => release !== one.release && resource === one.resource,
    );
    const earlier = others.filter((other) => asking.indexOf(other) < i).map(({ release }) => release);
    const check = checkOf("capacity", others.length ? `${one.resource} of ${one.release}` : one.resource);
    const found = gpuCheck(check, facts, free, environment, own, { ...one, earlier });
    const place = free.find((candidate) => (candidate.free[one.resource] ?? 0) >= one.count);
    // What one release takes another one cannot have.
    if (place) place.free[one.resource] = (place.free[one.resource] ?? 0) - one.count;
    return found;
  });
}

function gpuCheck(
  check: ReturnType<typeof checkOf>,
  facts: Facts,
  free: readonly FreeNode[],
  environment: Environment,
  own: readonly string[],
  {
    release,
    resource,
    count,
    earlier,
  }: {
    readonly release: string;
    readonly resource: string;
    readonly count: number;
    /** Releases of the platform that are given theirs before it. */
    readonly earlier: readonly string[];
  },
): Check {
  const nodes = valueOf(facts.nodes) ?? [];
  const asked = `${count} asked for`;
  const [best] = [...free].sort((a, b) => (b.free[resource] ?? 0) - (a.free[resource] ?? 0));
  const most = best?.free[resource] ?? 0;
  if (best && most >= count) {
    return check.ok(`${most} free on ${nameOf(best.node)}, ${asked}${seen(facts)}`);
  }
  const allocatable = Math.max(0, ...nodes.map((node) => quantity(node.status?.allocatable?.[resource])));
  const found =
    allocatable >= count
      ? `${most} free on one node, ${asked}: the others are held by ${holders(facts, resource, own, earlier)}, or the node takes no pods`
      : `${allocatable} allocatable on one node, ${asked}`;
  if (facts.autoscaled) return check.warning(`${found}; the cluster may add a node`);
  const offered = new Set(
    nodes.flatMap((node) =>
      Object.entries(node.status?.allocatable ?? {})
        .filter(([name, amount]) => /^(nvidia|amd)\.com\/|gpu/.test(name) && quantity(amount) > 0)
        .map(([name]) => name),
    ),
  );
  const less = `lower applications.${release}.gpu.count in environments/${environment.name}.yaml${allocatable === 0 ? " to 0, for the CPU" : ""}`;
  return check.failed(
    found,
    allocatable > 0
      ? `${kubectlCommand(environment)} get nodes -o 'custom-columns=NODE:.metadata.name,GPU:.status.allocatable.${resource.replaceAll(".", "\\.")}'\nfree some, or ${less}`
      : offered.size
        ? `the nodes have ${[...offered].join(", ")}: name it in applications.${release}.gpu.resource; or ${less}`
        : resource === "nvidia.com/gpu"
          ? `minikube start --driver docker --container-runtime docker --gpus all\nor install NVIDIA's device plugin; or ${less}`
          : `install the device plugin of ${resource}; or ${less}`,
  );
}

/** Whether each pod finds a node with the CPU and the memory that it asks for, taken one after the other. */
export function computeCheck(
  facts: Facts,
  requests: readonly PodRequest[],
  own: readonly string[],
  environment: Environment,
): Check {
  const check = checkOf("capacity", "CPU and memory");
  if ("refused" in facts.nodes) return check.notChecked(facts.nodes.refused);
  if ("refused" in facts.pods) return check.notChecked(facts.pods.refused);
  const nodes = freeNodes(facts.nodes.value, facts.pods.value, own);
  const total = (resource: string): number => nodes.reduce((sum, { free }) => sum + (free[resource] ?? 0), 0);
  const free = shown({ cpu: total("cpu"), memory: total("memory") });
  const pods = requests.flatMap((request) => Array.from({ length: request.replicas }, () => request));
  pods.sort((a, b) => (b.requests.memory ?? 0) - (a.requests.memory ?? 0));
  for (const pod of pods) {
    const place = nodes.find(
      ({ node, free: left }) =>
        !(node.spec?.taints ?? []).some((taint) => keepsAway(taint, pod)) &&
        Object.entries(pod.requests)
          // GPUs have a line of their own.
          .filter(([resource]) => resource === "cpu" || resource === "memory")
          .every(([resource, asked]) => (left[resource] ?? 0) >= asked),
    );
    if (!place) {
      const kept = keptAway(facts.nodes.value, pod);
      const [found, fix] =
        kept.length > 0 && kept.every(({ why }) => why)
          ? [
              `no node takes a pod of ${pod.name}: ${kept.map(({ node, why }) => `${node} ${why}`).join("; ")}`,
              `${kubectlCommand(environment)} uncordon NODE, or taint nodes NODE KEY-\nor let it in: ${valueOfPod(pod, "tolerations")}`,
            ]
          : [
              `no node has ${shown(pod.requests)} free for a pod of ${pod.name} (${shown(most(nodes))} at the most)`,
              `a larger node (minikube start --cpus 8 --memory 16g, after minikube delete), or lower ${valueOfPod(pod, "resources.requests")}`,
            ];
      return facts.autoscaled ? check.warning(`${found}; the cluster may add one`) : check.failed(found, fix);
    }
    for (const [resource, asked] of Object.entries(pod.requests)) {
      place.free[resource] = (place.free[resource] ?? 0) - asked;
    }
  }
  const sum = (resource: string): number => pods.reduce((all, pod) => all + (pod.requests[resource] ?? 0), 0);
  return check.ok(
    `${pods.length} pods ask for ${shown({ cpu: sum("cpu"), memory: sum("memory") })}; free: ${free}`,
  );
}

/** Where a value of a pod is set for its release alone. */
function valueOfPod({ name }: PodRequest, value: string): string {
  const [release = "", ...subchart] = name.split(".");
  return `${[...subchart, value].join(".")} in values/${release}.yaml`;
}

function freeNodes(nodes: readonly V1Node[], pods: readonly V1Pod[], own: readonly string[]): FreeNode[] {
  return nodes
    .filter((node) => isReady(node) && !node.spec?.unschedulable)
    .map((node) => {
      const used = pods.filter((pod) => pod.spec?.nodeName === nameOf(node) && isForeign(pod, own));
      const free = Object.entries(node.status?.allocatable ?? {}).map(([resource, text]) => [
        resource,
        quantity(text) -
          used.flatMap(requestsOf).reduce((sum, request) => sum + quantity(request[resource]), 0),
      ]);
      return { node, free: Object.fromEntries(free) as FreeNode["free"] };
    });
}

/** Whether a pod is not one of the platform's, which a deploy replaces. */
function isForeign({ metadata }: V1Pod, own: readonly string[]): boolean {
  return !own.includes(metadata?.namespace ?? "");
}

/** The requests of each container. */
function requestsOf({ spec }: V1Pod): Amounts[] {
  return (spec?.containers ?? []).map(({ resources }) => resources?.requests ?? {});
}

/** The nodes, each with what keeps a pod from it however much is free there; empty text for one that takes it. */
function keptAway(nodes: readonly V1Node[], pod: PodRequest): { node: string; why: string }[] {
  return nodes.map((node) => {
    const keys = (node.spec?.taints ?? []).filter((taint) => keepsAway(taint, pod)).map(({ key }) => key);
    const why = !isReady(node)
      ? "is not ready"
      : node.spec?.unschedulable
        ? "is cordoned"
        : keys.length
          ? `has the taint ${keys.join(", ")}`
          : "";
    return { node: nameOf(node), why };
  });
}

function keepsAway({ key, effect }: V1Taint, { tolerates }: PodRequest): boolean {
  return effect !== "PreferNoSchedule" && !tolerates.includes(key) && !tolerates.includes("*");
}

function most(nodes: readonly FreeNode[]): { cpu: number; memory: number } {
  const [best] = [...nodes].sort((a, b) => (b.free.memory ?? 0) - (a.free.memory ?? 0));
  return { cpu: best?.free.cpu ?? 0, memory: best?.free.memory ?? 0 };
}

function shown({ cpu = 0, memory = 0 }: { readonly [resource: string]: number }): string {
  return `${amount("cpu", cpu)} CPUs and ${amount("memory", memory)} of memory`;
}

function holders(
  { pods }: Facts,
  resource: string,
  own: readonly string[],
  earlier: readonly string[],
): string {
  const namespaces = (valueOf(pods) ?? [])
    .filter((pod) => isForeign(pod, own) && requestsOf(pod).some((one) => quantity(one[resource]) > 0))
    .map(({ metadata }) => metadata?.namespace ?? "");
  const others = [...new Set(namespaces)].sort().join(", ") || (earlier.length ? "" : "other namespaces");
  return [...(others ? [`pods in ${others}`] : []), ...earlier.map((name) => `release ${name}`)].join(
    " and ",
  );
}

function seen({ pods }: Facts): string {
  return "refused" in pods ? " (what others hold could not be seen)" : "";
}
