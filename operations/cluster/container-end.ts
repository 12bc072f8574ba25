import type {
  CoreV1Event,
  V1ContainerStateTerminated,
  V1ContainerStatus,
  V1Pod,
} from "@kubernetes/client-node";
import { eventTime, time } from "./object-events";
import type { Incurable, NotReadyFinding } from "./not-ready-reason";
import { oneLine } from "./one-line";

type Finding = Omit<NotReadyFinding, "object">;

/** From how many restarts on a container that ends again and again is not waited for. */
export const restartsInVain = 5;

/** What exit codes mean by convention, and what to do about them. */
const codes: { readonly [code: number]: { readonly means: string; readonly next: string } | undefined } = {
  126: {
    means: "its command cannot be executed",
    next: "correct the command in the values, or the image: it may be built for another architecture",
  },
  127: { means: "its command is not in the image", next: "correct the command or the image in the values" },
  128: {
    means: "it could not be started",
    next: "correct its command or its volumes in the values: what the container runtime says stands above",
  },
  132: {
    means: "an instruction that its node's CPU does not have",
    next: "choose a node whose CPU has what the image is built for, such as AVX: nodeSelector in the values; or an older image",
  },
};

/** The last run of a container that ended, where it is not well since. */
export function lastEnd({
  state,
  lastState,
  ready,
  restartCount,
}: V1ContainerStatus): V1ContainerStateTerminated | undefined {
  if (state?.terminated) return state.terminated;
  return state?.waiting || (!ready && restartCount > 0) ? lastState?.terminated : undefined;
}

/**
 * What killed a container from outside: the kernel for its memory, the kubelet for a probe, or a node that was restarted.
 * Whatever else failed then, such as a hook inside of it, follows from that.
 *
 * @param events of the container, the newest first
 */
export function killed(
  pod: V1Pod,
  container: V1ContainerStatus,
  events: readonly CoreV1Event[],
): Finding | undefined {
  const end = lastEnd(container);
  return (
    (end?.reason === "OOMKilled" && outOfMemory(pod, container)) ||
    (end?.reason === "ContainerStatusUnknown" && lostByNode(pod, container)) ||
    killedByProbe(pod, container, events) ||
    undefined
  );
}

function outOfMemory(pod: V1Pod, container: V1ContainerStatus): Finding {
  const limit = specOf(pod, container)?.resources?.limits?.memory;
  return {
    reason: "out of memory",
    detail: `container ${container.name} used more memory than ${limit ? `its limit, ${limit},` : "its node has"} and was killed${restarts(container)}`,
    next: limit
      ? "raise resources.limits.memory in the values, then deploy again"
      : "raise resources.requests.memory in the values to what it uses, so that its node has as much, then deploy again",
    ...logOf(pod, container),
    ...inVain(container),
  };
}

function lostByNode(pod: V1Pod, container: V1ContainerStatus): Finding {
  return {
    reason: "lost by its node",
    detail: `container ${container.name} was gone when its node was asked for it${restarts(container)}`,
    next: `the node ${pod.spec?.nodeName ?? ""} was restarted, or lost its containers: kubectl describe node ${pod.spec?.nodeName ?? ""}`,
    ...logOf(pod, container),
    ...inVain(container),
  };
}

/** The kubelet limits how many events it sends: of a kill it may be the failed probe alone that is there. */
function killedByProbe(
  pod: V1Pod,
  container: V1ContainerStatus,
  events: readonly CoreV1Event[],
): Finding | undefined {
  const { name, state, ready } = container;
  const end = lastEnd(container);
  if (ready || (!end && !state?.running)) return undefined;
  // What was said of a run before the last is not why that one ended.
  const during = events.filter((event) => eventTime(event) >= time(end?.startedAt));
  const kill = during.find(
    ({ reason, message }) => reason === "Killing" && /failed (liveness|startup) probe/.test(message ?? ""),
  );
  const probe = during.find(
    ({ reason, message }) => reason === "Unhealthy" && /^(Liveness|Startup) probe/.test(message ?? ""),
  );
  const stopped = end !== undefined && [0, 137, 143].includes(end.exitCode) && end.reason !== "OOMKilled";
  if (!kill && !(probe && stopped)) return undefined;
  const said = probe?.message ?? kill?.message ?? "";
  const which = /startup/i.test(kill?.message ?? said) ? "startup" : "liveness";
  return {
    reason: `killed: ${which} probe`,
    detail: oneLine(`the kubelet ends container ${name}${restarts(container)}: ${said}`),
    next:
      which === "startup"
        ? "the log says how far it came: where it only needs longer to start, raise startupProbe.failureThreshold in the values"
        : "the log says whether it hangs: where it is only slow, raise livenessProbe.timeoutSeconds, failureThreshold or initialDelaySeconds in the values",
    ...logOf(pod, container),
    ...inVain(container),
  };
}

/** How a container ended by itself; undefined for one that did its work, or has not ended. */
export function crash(pod: V1Pod, container: V1ContainerStatus): Finding | undefined {
  const { name, state } = container;
  const end = lastEnd(container);
  const backingOff = state?.waiting?.reason === "CrashLoopBackOff";
  if (!backingOff && (!end || end.exitCode === 0)) return undefined;
  const found = logOf(pod, container);
  const log = `kubectl -n ${pod.metadata?.namespace} logs ${pod.metadata?.name} -c ${name}${state?.terminated ? "" : " --previous"}`;
  if (end?.exitCode === 0) {
    return {
      reason: "ended",
      detail: `container ${name} ended by itself with code 0${restarts(container)}`,
      next: `it is to go on for ever: correct its command in the values, or see its log: ${log}`,
      ...found,
      ...inVain(container),
    };
  }
  const code = codes[end?.exitCode ?? 0];
  const how = `exited with code ${end?.exitCode ?? "unknown"}${end?.signal ? ` (signal ${end.signal})` : ""}`;
  const why = [code?.means, end?.message].filter(Boolean).map((text) => `: ${text}`);
  return {
    reason: "crash",
    detail: oneLine(`container ${name} ${how}${restarts(container)}${why.join("")}`),
    next: code?.next ?? `the log says why; all of it: ${log}`,
    ...found,
    ...inVain(container),
  };
}

/** Where a container that ends is told from one that is only started again now and then. */
export function inVain(container: V1ContainerStatus): { readonly incurable?: Incurable } {
  if (container.restartCount < restartsInVain) return {};
  return { incurable: { seen: time(lastEnd(container)?.finishedAt), restarts: true } };
}

function restarts({ restartCount = 0 }: V1ContainerStatus): string {
  return restartCount ? `, restarted ${restartCount} times` : "";
}

function logOf(pod: V1Pod, { name, state }: V1ContainerStatus): Pick<NotReadyFinding, "logOf"> {
  return {
    logOf: { pod: pod.metadata?.name ?? "", container: name, previous: state?.terminated === undefined },
  };
}

/** A container as the pod asks for it. */
function specOf({ spec }: V1Pod, { name }: V1ContainerStatus) {
  return [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].find((one) => one.name === name);
}
