import type { CoreV1Event, V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { crash, inVain, killed, lastEnd } from "./container-end";
import { imageFault, pullFault } from "./image-fault";
import { isReady } from "./is-ready";
import type { NamespaceObjects } from "./namespace-objects";
import { heldBy } from "./held-by";
import { lostNode } from "./node-fault";
import { eventsOf, eventTime, time } from "./object-events";
import type { NotReadyFinding } from "./not-ready-reason";
import { oneLine } from "./one-line";
import { podEnded } from "./pod-ended";
import { unschedulable } from "./unschedulable";

type Finding = Omit<NotReadyFinding, "object">;

/**
 * Why a pod is not ready; undefined for one that is, or that has done its work. What ended or killed it comes before what
 * followed from that.
 */
export function podNotReady(
  pod: V1Pod,
  { events, nodes }: Pick<NamespaceObjects, "events" | "nodes">,
): NotReadyFinding | undefined {
  const { status, metadata } = pod;
  if (status?.phase === "Succeeded" || isReady(pod)) return undefined;
  const own = eventsOf(events, pod);
  const first = (
    find: (container: V1ContainerStatus, events: readonly CoreV1Event[]) => Finding | undefined,
  ) =>
    statuses(pod)
      .map((container) => find(container, ofContainer(own, container)))
      .find(Boolean);
  const found =
    onLostNode(pod, nodes) ||
    podEnded(pod) ||
    (metadata?.deletionTimestamp && stopping(pod)) ||
    unschedulable(pod, nodes) ||
    first((container, said) => killed(pod, container, said)) ||
    first(
      (container, said) =>
        imageFault(container, said) ?? postStartHook(pod, container, said) ?? crash(pod, container),
    ) ||
    creation(pod) ||
    surroundings(own) ||
    pulling(own) ||
    initializing(pod) ||
    hookRunning(pod, own) ||
    probe(pod, own) ||
    starting(pod, own);
  return { object: `Pod/${metadata?.name}`, ...found };
}

function statuses({ status }: V1Pod): V1ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

/** The events of a pod without those of its other containers. */
function ofContainer(events: readonly CoreV1Event[], { name }: V1ContainerStatus): CoreV1Event[] {
  return events.filter(({ involvedObject: { fieldPath } }) => !fieldPath || fieldPath.endsWith(`{${name}}`));
}

function onLostNode(pod: V1Pod, nodes: NamespaceObjects["nodes"]): Finding | undefined {
  const lost = lostNode(pod, nodes);
  if (!lost) return undefined;
  const { namespace, name, deletionTimestamp } = pod.metadata ?? {};
  const detail = [`node ${lost.node}`, lost.detail].filter(Boolean).join(": ");
  if (!deletionTimestamp) return { reason: `its node is ${lost.reason}`, detail, next: lost.next };
  return {
    reason: `still stopping, and its node is ${lost.reason}`,
    detail: `${detail}: nobody there ends it`,
    next: `${lost.next}; or, where it runs no more for certain: kubectl -n ${namespace} delete pod ${name} --force`,
  };
}

function stopping({ metadata }: V1Pod): Finding {
  const reason = "still stopping";
  const held = heldBy("pod", metadata);
  if (held) return { reason, ...held };
  return {
    reason,
    detail: `it was told to end by ${new Date(metadata?.deletionTimestamp ?? 0).toISOString()}`,
    next: "wait for it: what it runs may take as long as its terminationGracePeriodSeconds says",
  };
}

/** What the kubelet ends a container with once its hook has failed; one that ended otherwise took the hook with it. */
const endedByKubelet = [0, 137, 143];

function postStartHook(
  pod: V1Pod,
  container: V1ContainerStatus,
  events: readonly CoreV1Event[],
): Finding | undefined {
  const { name, state, lastState } = container;
  const reasons = [state?.waiting?.reason, state?.terminated?.reason, lastState?.terminated?.reason];
  const event = events.find(
    (one) => one.reason === "FailedPostStartHook" && eventTime(one) >= time(state?.running?.startedAt),
  );
  if (!event && !reasons.includes("PostStartHookError")) return undefined;
  const end = lastEnd(container);
  if (end && !endedByKubelet.includes(end.exitCode)) return undefined;
  return {
    reason: "postStart hook failed",
    detail: oneLine(event?.message || `of the container ${name}`),
    next: "look at lifecycle.postStart in the values",
    logOf: { pod: pod.metadata?.name ?? "", container: name, previous: state?.running === undefined },
    ...inVain(container),
  };
}

const creationFaults =
  /^(CreateContainerConfigError|CreateContainerError|RunContainerError|ContainerCannotRun|PreCreateHookError|PreStartHookError|InvalidEnvironmentVariableNames)$/;

function creation(pod: V1Pod): Finding | undefined {
  const found = statuses(pod).find(({ state }) => creationFaults.test(state?.waiting?.reason ?? ""));
  if (!found) return undefined;
  const { message = "" } = found.state?.waiting ?? {};
  return {
    reason: "container cannot be made",
    detail: oneLine(`${found.name}: ${message || found.state?.waiting?.reason}`),
    next: /secret|configmap|key/i.test(message)
      ? "make what is missing, or correct the name in the values, then deploy again"
      : "correct the command, the volumes or the environment in the values, then deploy again",
  };
}

/** What the node lacks: volumes, and the pod's sandbox. */
function surroundings(events: readonly CoreV1Event[]): Finding | undefined {
  const started = events.findIndex(({ reason }) => reason === "Started");
  const found = (started < 0 ? events : events.slice(0, started)).find(({ reason }) =>
    ["FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox", "FailedMapVolume"].includes(reason ?? ""),
  );
  if (!found) return undefined;
  const detail = oneLine(found.message ?? "");
  if (found.reason === "FailedCreatePodSandBox") return sandbox(detail);
  return {
    reason: "volume cannot be mounted",
    detail,
    next: /secret|configmap/i.test(detail)
      ? "make the Secret or ConfigMap that is named, or correct its name in the values"
      : /multi-attach|already (used|attached|exclusively attached)/i.test(detail)
        ? "another node still holds it: it is free once the pod there is gone"
        : "see that what keeps the volume is there and lets the node in",
  };
}

/** What a pod is made in, before any of its containers. */
function sandbox(said: string): Finding {
  const detail = said.replace(/^Failed to create pod sandbox: (rpc error: code = \w+ desc = )?/, "");
  const pull = /sandbox image|failed to pull/i.test(said) ? pullFault(said) : undefined;
  const next = pull
    ? `the container runtime pulls an image of its own for every pod: ${pull.reason}; correct it in the runtime's configuration on the node`
    : /runtime ?handler|no runtime for/i.test(said)
      ? "install the handler of the pod's RuntimeClass on the node, such as the NVIDIA container toolkit, or correct gpu.runtimeClass in the environment's file"
      : /\bcni\b|network/i.test(said)
        ? "look at the network plugin of the cluster on that node"
        : "look at the container runtime of its node: what it says stands above";
  return { reason: "sandbox of the pod cannot be made", detail, next };
}

function pulling(events: readonly CoreV1Event[]): Finding | undefined {
  const newest = events.find(({ reason }) => ["Pulling", "Pulled", "Started"].includes(reason ?? ""));
  if (newest?.reason !== "Pulling") return undefined;
  return {
    reason: "still pulling",
    detail: oneLine(newest.message ?? ""),
    next: "wait: what is pulled so far stays, and the next deploy goes on from there",
  };
}

/** The others start when it has ended: what it waits for is in its log. */
function initializing(pod: V1Pod): Finding | undefined {
  const running = (pod.status?.initContainerStatuses ?? []).find(({ state }) => state?.running);
  // One that is to run beside the others is ready, or has a probe that says why not.
  const sidecar = pod.spec?.initContainers?.some(
    ({ name, restartPolicy }) => name === running?.name && restartPolicy === "Always",
  );
  if (!running || sidecar) return undefined;
  return {
    reason: "still initializing",
    detail: `the init container ${running.name} runs, and the others start when it has ended`,
    next: "the log says what it waits for",
    logOf: { pod: pod.metadata?.name ?? "", container: running.name, previous: false },
  };
}

/** As long as a postStart hook runs, its container has started and is not yet said to run. */
function hookRunning(pod: V1Pod, events: readonly CoreV1Event[]): Finding | undefined {
  const container = (pod.spec?.containers ?? []).find(({ lifecycle }) => lifecycle?.postStart);
  if (!container || !events.some(({ reason }) => reason === "Started")) return undefined;
  const status = statuses(pod).find(({ name }) => name === container.name);
  if (status?.state?.running) return undefined;
  return {
    reason: "postStart hook still runs",
    detail: `of the container ${container.name}`,
    next: "wait for it, or look at lifecycle.postStart in the values",
  };
}

function probe(pod: V1Pod, events: readonly CoreV1Event[]): Finding | undefined {
  const running = statuses(pod).find(({ state, ready }) => state?.running && !ready);
  if (!running) return undefined;
  const unhealthy = events.find(({ reason }) => reason === "Unhealthy");
  return {
    reason: "not ready",
    detail: oneLine(unhealthy?.message ?? `container ${running.name} runs and does not say that it is ready`),
    next: "the log says how far it is; it may only need longer",
    logOf: { pod: pod.metadata?.name ?? "", container: running.name, previous: false },
  };
}

function starting(pod: V1Pod, events: readonly CoreV1Event[]): Finding {
  const said = (pod.status?.conditions ?? []).find(({ status, message }) => status === "False" && message);
  return {
    reason: "starting",
    detail: oneLine(said?.message ?? events[0]?.message ?? "nothing is known of it yet"),
    next: `kubectl -n ${pod.metadata?.namespace} describe pod ${pod.metadata?.name}`,
  };
}
