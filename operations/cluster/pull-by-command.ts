import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import type { KubernetesApi } from "./kubernetes-api";
import { oneLine } from "./one-line";

/** How many lines of its log a container has for what it says at its end. */
const lines = 8;

/** What a command pulls by name, such as models, in words: `PROGRAM pull NAME`. */
export function pulledBy(command: readonly string[] = []): string | undefined {
  const names = [...command.join(" ").matchAll(/[\w-] pull +(?:--\S+ +)*([\w.][\w./:@-]*)/g)].map(
    ([, name]) => name,
  );
  return names.length ? [...new Set(names)].join(", ") : undefined;
}

/** What a container pulls by its own command. */
export function pulledByContainer({ spec }: V1Pod, name: string): string | undefined {
  const container = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].find(
    (one) => one.name === name,
  );
  return pulledBy([...(container?.command ?? []), ...(container?.args ?? [])]);
}

/** What to do where a pull of these failed. */
export function pullAdvice(pulled: string): string {
  return `it pulls ${pulled}: see that each name is right in the environment, that the node reaches where it is to be had, and that the volume has room`;
}

/**
 * Whether what a pull says means that it is not to be had, however often it is tried: no such name, no such version, no right to it.
 * What is not found on the way there, such as a host, may be tomorrow.
 */
export function isNotToBeHad(said: string): boolean {
  return (
    /file does not exist|manifest unknown|not found|invalid model name|newer version of|tag is not available|\b40[0134]\b|unauthorized|access denied/i.test(
      said,
    ) && !/no such host|\blookup \S+|proxyconnect/i.test(said)
  );
}

/** What a hook printed, of what the kubelet says of its failure: not the whole command again. */
export function saidByHook(message: string): string {
  const [, printed] = /message: "((?:[^"\\]|\\.)*)"\s*$/s.exec(message) ?? [];
  return oneLine((printed ?? message).replace(/\\[nr]/g, "\n").replace(/\\(.)/g, "$1"));
}

/**
 * Pods whose containers pull by their own command and failed say why at their end, as Kubernetes does itself where
 * `terminationMessagePolicy` is `FallbackToLogsOnError`: it is in their logs alone.
 */
export function withLastWords(api: Pick<KubernetesApi, "text">, pods: readonly V1Pod[]): Promise<V1Pod[]> {
  return Promise.all(
    pods.map(async (pod) => {
      const told = (statuses: readonly V1ContainerStatus[] = []): Promise<V1ContainerStatus[]> =>
        Promise.all(statuses.map((status) => withLastWord(api, pod, status)));
      const { initContainerStatuses, containerStatuses } = pod.status ?? {};
      const [before, beside] = await Promise.all([told(initContainerStatuses), told(containerStatuses)]);
      return { ...pod, status: { ...pod.status, initContainerStatuses: before, containerStatuses: beside } };
    }),
  );
}

async function withLastWord(
  api: Pick<KubernetesApi, "text">,
  pod: V1Pod,
  status: V1ContainerStatus,
): Promise<V1ContainerStatus> {
  const of = status.state?.terminated ? "state" : "lastState";
  const end = status[of]?.terminated;
  if (!end?.exitCode || end.message || !pulledByContainer(pod, status.name)) return status;
  const { name, namespace } = pod.metadata ?? {};
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/log?tailLines=${lines}&container=${status.name}&previous=${of === "lastState"}`;
  const message = await api.text(path).catch(() => "");
  return message ? { ...status, [of]: { terminated: { ...end, message } } } : status;
}
