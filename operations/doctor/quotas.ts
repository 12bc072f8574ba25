import { releasesOf } from "../../applications/releases";
import { kubectlCommand } from "../cluster/kubectl-command";
import type { Environment } from "../../settings/environment";
import { type Check, checkOf } from "./check";
import type { Amounts, ClusterFacts } from "./cluster-facts";
import { amount, quantity } from "./quantity";
import type { PodRequest } from "./requests";

/** Whether the quotas of the environment are enough for its pods and claims: a pod beyond its quota is never made. */
export function ownQuotaChecks(environment: Environment, requests: readonly PodRequest[]): Check[] {
  return releasesOf(environment).map(({ name, namespace, own }) => {
    const { cpu, memory, storage, pods } = own.quota;
    const check = checkOf("capacity", `quota of ${namespace}`);
    const asked = askedFor(environment, requests, namespace);
    const allowed: Amounts = {
      "requests.cpu": cpu,
      "requests.memory": memory,
      "requests.storage": storage,
      pods: String(pods),
    };
    const short = [
      ...shortages(asked, allowed).map((text) => `${text} in applications.${name}.quota`),
      // The limits may add up to twice the requests.
      ...((asked["limits.memory"] ?? 0) > 2 * quantity(memory)
        ? [
            `limits.memory: ${amount("memory", asked["limits.memory"] ?? 0)} asked for, ${amount("memory", 2 * quantity(memory))} allowed, twice applications.${name}.quota.memory`,
          ]
        : []),
    ];
    if (!short.length) {
      const { "requests.cpu": cpus = 0, "requests.memory": bytes = 0 } = asked;
      return check.ok(
        `${amount("cpu", cpus)} of ${cpu} CPUs, ${amount("memory", bytes)} of ${memory} of memory asked for`,
      );
    }
    return check.failed(
      short.join("; "),
      `raise applications.${name}.quota in environments/${environment.name}.yaml, or lower resources.requests in values/${name}.yaml`,
    );
  });
}

/** Quotas of somebody else in the platform's namespaces. */
export function foreignQuotaChecks(
  { quotas }: Pick<ClusterFacts, "quotas">,
  environment: Environment,
  requests: readonly PodRequest[],
): Check[] {
  if ("refused" in quotas) return [checkOf("capacity", "quotas").notChecked(quotas.refused)];
  return quotas.value
    .filter(({ metadata }) => metadata?.labels?.["app.kubernetes.io/part-of"] !== "llm-platform")
    .map(({ metadata: { name, namespace = "" } = {}, spec }) => {
      const check = checkOf("capacity", `quota ${name} in ${namespace}`);
      const short = shortages(askedFor(environment, requests, namespace), spec?.hard ?? {});
      if (!short.length) return check.ok("is enough; somebody else made it");
      return check.failed(
        short.join("; "),
        `${kubectlCommand(environment)} --namespace ${namespace} describe quota ${name}\nask who made it to raise it`,
      );
    });
}

function shortages(asked: { readonly [resource: string]: number }, hard: Amounts): string[] {
  return Object.entries(hard).flatMap(([key, text]) => {
    const resource = key === "cpu" || key === "memory" ? `requests.${key}` : key;
    const want = asked[resource] ?? 0;
    const have = quantity(text);
    return want > have
      ? [`${key}: ${amount(resource, want)} asked for, ${amount(resource, have)} allowed`]
      : [];
  });
}

/** What the pods and the claims of a namespace ask for together, by the names that quotas use. */
function askedFor(
  environment: Environment,
  requests: readonly PodRequest[],
  namespace: string,
): { [resource: string]: number } {
  const pods = requests.filter((pod) => pod.namespace === namespace);
  const sum = (of: (pod: PodRequest) => number): number =>
    pods.reduce((all, pod) => all + of(pod) * pod.replicas, 0);
  const claims = releasesOf(environment)
    .filter((release) => release.namespace === namespace)
    .flatMap(({ own }) => Object.values(own.storage));
  const resources = [...new Set(pods.flatMap((pod) => Object.keys(pod.requests)))];
  return {
    ...Object.fromEntries(
      resources.map((resource) => [`requests.${resource}`, sum((pod) => pod.requests[resource] ?? 0)]),
    ),
    "limits.memory": sum(({ memoryLimitBytes }) => memoryLimitBytes),
    "requests.storage": claims.reduce((all, size) => all + quantity(size), 0),
    persistentvolumeclaims: claims.length,
    pods: sum(() => 1),
  };
}
