import type { CoreV1Event, V1ContainerStatus, V1Node, V1Pod } from "@kubernetes/client-node";
import { eventsOf } from "./object-events";
import type { NotReadyFinding } from "./not-ready-reason";
import { unschedulable } from "./unschedulable";

/**
 * Why a pod is not ready; undefined for one that is, or that has done its work.
 *
 * @param events of its namespace
 */
export function podNotReady(pod: V1Pod, events: readonly CoreV1Event[]): NotReadyFinding | undefined {
  const { status, metadata } = pod;
  if (status?.phase === "Succeeded" || isReady(pod)) return undefined;
  const own = eventsOf(events, pod);
  const found =
    (metadata?.deletionTimestamp && stopping(pod)) ||
    unschedulable(pod) ||
    statuses(pod)
      .map(
        (container) => image(container, own) ?? postStartHook(pod, container, own) ?? crash(pod, container),
      )
      .find(Boolean) ||
    creation(pod) ||
    surroundings(own) ||
    failed(pod) ||
    pulling(own) ||
    initializing(pod) ||
    hookRunning(pod, own) ||
    probe(pod, own) ||
    starting(pod, own);
  return { object: `Pod/${metadata?.name}`, ...found };
}

/** Whether a pod takes requests, or a node pods. */
export function isReady({ status, metadata }: V1Pod | V1Node): boolean {
  return (
    !metadata?.deletionTimestamp &&
    (status?.conditions ?? []).some(({ type, status: met }) => type === "Ready" && met === "True")
  );
}

type Finding = Omit<NotReadyFinding, "object">;

function statuses({ status }: V1Pod): V1ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

function stopping({ metadata }: V1Pod): Finding {
  return {
    reason: "still stopping",
    detail: `it was told to end by ${new Date(metadata?.deletionTimestamp ?? 0).toISOString()}`,
    next: `wait for it; where its node is gone: kubectl -n ${metadata?.namespace} delete pod ${metadata?.name} --force`,
  };
}

const imageFaults = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "ImageInspectError",
  "RegistryUnavailable",
]);

function image({ state, image }: V1ContainerStatus, events: CoreV1Event[]): Finding | undefined {
  const { reason = "", message = "" } = state?.waiting ?? {};
  if (!imageFaults.has(reason)) return undefined;
  // While it waits to try again the container says only that it waits; the event says what the registry said.
  const said = events.find((event) =>
    /Failed to pull image|Failed to apply default image/.test(event.message ?? ""),
  );
  const detail = oneLine(said?.message ?? (message || `${reason} of ${image}`));
  if (/unauthorized|denied|authentication required|403|401/i.test(detail)) {
    return {
      reason: "image refused",
      detail,
      next: "the registry wants credentials, or the name is wrong: correct image in the values, or give imagePullSecrets",
    };
  }
  if (/not found|manifest unknown|no such|InvalidImageName|invalid reference/i.test(`${reason} ${detail}`)) {
    return {
      reason: "image not found",
      detail,
      next: "correct the image's repository or tag in the values, then deploy again",
    };
  }
  return {
    reason: "image cannot be pulled",
    detail,
    next: "see that the node reaches the registry, then deploy again",
  };
}

function postStartHook(pod: V1Pod, { name, state, lastState }: V1ContainerStatus, events: CoreV1Event[]) {
  const reasons = [state?.waiting?.reason, state?.terminated?.reason, lastState?.terminated?.reason];
  const event = events.find(({ reason }) => reason === "FailedPostStartHook");
  if (!event && !reasons.includes("PostStartHookError")) return undefined;
  const pulled = pulledByHook(pod, name);
  return {
    reason: "postStart hook failed",
    detail: oneLine(event?.message ?? `of the container ${name}`),
    next: pulled
      ? `it pulls ${pulled}: see that each name is right in the environment, that the node reaches where it is to be had, and that the volume has room`
      : "look at lifecycle.postStart in the values",
    logOf: { pod: pod.metadata?.name ?? "", container: name, previous: state?.running === undefined },
  };
}

function crash(pod: V1Pod, container: V1ContainerStatus): Finding | undefined {
  const { name, state, lastState, restartCount, ready } = container;
  const ended =
    state?.terminated ??
    (state?.waiting?.reason === "CrashLoopBackOff" || (!ready && restartCount > 0)
      ? lastState?.terminated
      : undefined);
  if (!ended) {
    if (state?.waiting?.reason !== "CrashLoopBackOff") return undefined;
  } else if (ended.exitCode === 0 && state?.waiting?.reason !== "CrashLoopBackOff") return undefined;
  const outOfMemory = ended?.reason === "OOMKilled";
  const how = outOfMemory
    ? "used more memory than its limit and was killed"
    : `exited with code ${ended?.exitCode ?? "unknown"}${ended?.signal ? ` (signal ${ended.signal})` : ""}`;
  return {
    reason: outOfMemory ? "out of memory" : "crash",
    detail: oneLine(
      [`container ${name} ${how}, restarted ${restartCount} times`, ended?.message]
        .filter(Boolean)
        .join(": "),
    ),
    next: outOfMemory
      ? "raise resources.limits.memory in the values, then deploy again"
      : `the log says why; all of it: kubectl -n ${pod.metadata?.namespace} logs ${pod.metadata?.name} -c ${name}${state?.terminated ? "" : " --previous"}`,
    logOf: { pod: pod.metadata?.name ?? "", container: name, previous: state?.terminated === undefined },
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

/** What the node lacks: volumes and network. */
function surroundings(events: CoreV1Event[]): Finding | undefined {
  const started = events.findIndex(({ reason }) => reason === "Started");
  const found = (started < 0 ? events : events.slice(0, started)).find(({ reason }) =>
    ["FailedMount", "FailedAttachVolume", "FailedCreatePodSandBox", "FailedMapVolume"].includes(reason ?? ""),
  );
  if (!found) return undefined;
  return {
    reason: found.reason === "FailedCreatePodSandBox" ? "no network on its node" : "volume cannot be mounted",
    detail: oneLine(found.message ?? ""),
    next:
      found.reason === "FailedCreatePodSandBox"
        ? "look at the network plugin of the cluster"
        : "make the Secret, ConfigMap or volume that is named; one that another node still holds is free once that pod is gone",
  };
}

function failed({ status, metadata }: V1Pod): Finding | undefined {
  if (status?.phase !== "Failed") return undefined;
  return {
    reason: status.reason === "Evicted" ? "evicted" : "failed",
    detail: oneLine(status.message ?? status.reason ?? ""),
    next: `kubectl -n ${metadata?.namespace} describe pod ${metadata?.name}`,
  };
}

function pulling(events: CoreV1Event[]): Finding | undefined {
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
function hookRunning(pod: V1Pod, events: CoreV1Event[]): Finding | undefined {
  const container = (pod.spec?.containers ?? []).find(({ lifecycle }) => lifecycle?.postStart);
  if (!container || !events.some(({ reason }) => reason === "Started")) return undefined;
  const status = statuses(pod).find(({ name }) => name === container.name);
  if (status?.state?.running) return undefined;
  const pulled = pulledByHook(pod, container.name);
  return {
    reason: pulled ? "still pulling" : "postStart hook still runs",
    detail: pulled
      ? `${pulled}, in the postStart hook of ${container.name}`
      : `of the container ${container.name}`,
    next: pulled
      ? "wait: what is pulled so far stays on the volume, and the next deploy goes on from there"
      : "wait for it, or look at lifecycle.postStart in the values",
  };
}

function probe(pod: V1Pod, events: CoreV1Event[]): Finding | undefined {
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

function starting(pod: V1Pod, events: CoreV1Event[]): Finding {
  const said = (pod.status?.conditions ?? []).find(({ status, message }) => status === "False" && message);
  return {
    reason: "starting",
    detail: oneLine(said?.message ?? events[0]?.message ?? "nothing is known of it yet"),
    next: `kubectl -n ${pod.metadata?.namespace} describe pod ${pod.metadata?.name}`,
  };
}

/** What a postStart hook pulls by name, such as models, in words: `PROGRAM pull NAME`. */
function pulledByHook(pod: V1Pod, container: string): string | undefined {
  const hook = pod.spec?.containers.find(({ name }) => name === container)?.lifecycle?.postStart?.exec
    ?.command;
  const names = [...(hook ?? []).join(" ").matchAll(/[\w-] pull +([\w./:-]+)/g)].map(([, name]) => name);
  return names.length ? names.join(", ") : undefined;
}

/** A message of the cluster without line breaks, cut where it would fill the screen. */
export function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 400 ? `${line.slice(0, 399)}…` : line;
}
