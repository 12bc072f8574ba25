import { containerDefaults } from "../../settings/container-defaults";
import { isMap, type YamlMap } from "../../settings/yaml-file";
import type { Amounts } from "./cluster-facts";
import { quantity } from "./quantity";

/** What a pod asks for, by resource. CPUs, bytes and pieces. */
export interface PodRequest {
  /** The release, and where in its values it stands, such as `chat.mongodb`. */
  readonly name: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly requests: { readonly [resource: string]: number };
  readonly memoryLimitBytes: number;
  /** Taints that it tolerates, by key. `*`: all. */
  readonly tolerates: readonly string[];
}

export interface PodRequestsProps {
  /** Name of the release. */
  readonly release: string;
  readonly namespace: string;
  /** The values of its release, merged. */
  readonly values: YamlMap;
  /** GPUs that the pod of the chart itself asks for, by resource. @default - none */
  readonly gpus?: Amounts;
}

/**
 * The pods that a chart will make, as far as its values say: one for the chart, and one for each subchart, which is any map
 * with `resources` of its own that is not switched off.
 */
export function podRequests({ release, namespace, values, gpus = {} }: PodRequestsProps): PodRequest[] {
  const visit = (at: YamlMap, name: string): PodRequest[] => {
    if (at.enabled === false) return [];
    const inner = Object.entries(at).flatMap(([key, value]) =>
      key !== "resources" && key !== "initContainers" && isMap(value) ? visit(value, `${name}.${key}`) : [],
    );
    const own = name === release || isResources(at.resources);
    return own ? [podOf(at, name, namespace, name === release ? gpus : {}), ...inner] : inner;
  };
  return visit(values, release);
}

function podOf(at: YamlMap, name: string, namespace: string, gpus: Amounts): PodRequest {
  // Containers that run before the others need what is free then: the largest of them counts, where it is larger.
  const containers = [at, ...Object.values(isMap(at.initContainers) ? at.initContainers : {})].map(
    resourcesOf,
  );
  // A request that is not made is the limit, where there is one.
  const request = (resource: "cpu" | "memory"): number =>
    Math.max(
      ...containers.map(({ requests, limits }) =>
        quantity(requests[resource] ?? limits[resource] ?? containerDefaults[resource]),
      ),
    );
  const tolerations = Array.isArray(at.tolerations) ? at.tolerations : [];
  return {
    name,
    namespace,
    replicas: typeof at.replicaCount === "number" ? at.replicaCount : 1,
    requests: {
      cpu: request("cpu"),
      memory: request("memory"),
      ...Object.fromEntries(Object.entries(gpus).map(([resource, count]) => [resource, quantity(count)])),
    },
    memoryLimitBytes: Math.max(
      ...containers.map(({ limits }) => quantity(limits.memory ?? containerDefaults.memoryLimit)),
    ),
    tolerates: [
      // The taint of GPU nodes is named like the resource; the chart tolerates it, as clouds do for every such pod.
      ...Object.keys(gpus),
      ...tolerations.map((toleration) => (toleration as { key?: string }).key ?? "*"),
    ],
  };
}

function resourcesOf(container: unknown): { requests: Amounts; limits: Amounts } {
  const resources = isMap(container) && isMap(container.resources) ? container.resources : {};
  return { requests: {}, limits: {}, ...resources };
}

function isResources(value: unknown): boolean {
  return isMap(value) && (isMap(value.requests) || isMap(value.limits));
}
