import type { V1Pod } from "@kubernetes/client-node";
import type { NotReadyFinding } from "./not-ready-reason";
import { oneLine } from "./one-line";

type Finding = Omit<NotReadyFinding, "object">;

/** Why Kubernetes ends pods that did nothing wrong, by the reason of their status or of the condition DisruptionTarget. */
const ends: readonly {
  readonly why: RegExp;
  readonly reason: string;
  readonly next: (message: string) => string;
}[] = [
  {
    why: /^(Evicted|TerminationByKubelet)$/,
    reason: "evicted",
    next: (message) =>
      /exceeds the|emptyDir/i.test(message)
        ? "it wrote more than it may: raise the limit that is named, of ephemeral storage or of a volume, in the values"
        : /memory/i.test(message)
          ? "its node ran out of memory: raise resources.requests.memory in the values to what it uses, or free memory there"
          : /disk|ephemeral-storage|inodes/i.test(message)
            ? "its node ran out of disk: free some there; unused images are the most of it (crictl rmi --prune)"
            : "its node ran out of what is named: free it there, or add a node",
  },
  {
    why: /^(Preempt(ing|ed|ionByScheduler|ionByKubeScheduler))$/,
    reason: "preempted",
    next: () => "a pod of a higher priority took its place: add a node, or lower what that one asks for",
  },
  {
    why: /^(NodeLost|DeletionByPodGC|DeletionByTaintManager|TaintManagerEviction)$/,
    reason: "lost with its node",
    next: () => "bring its node back, or wait for another one: kubectl get nodes",
  },
  {
    why: /^(Terminated|NodeShutdown|Shutdown)$/,
    reason: "its node was shut down",
    next: () => "start the node again: its pods come anew",
  },
  {
    why: /^EvictionByEvictionAPI$/,
    reason: "taken off its node",
    next: () => "somebody drains the node: wait for another one, or see who: kubectl get nodes",
  },
  {
    why: /^(UnexpectedAdmissionError|OutOf.*|NodeAffinity|NodePorts)$/,
    reason: "refused by its node",
    next: () =>
      "its node had not, when it came, what the scheduler had counted on: kubectl describe node says what it has; a device such as a GPU is there once its plugin runs",
  },
  {
    why: /^DeadlineExceeded$/,
    reason: "out of time",
    next: () => "raise activeDeadlineSeconds in the values, or see why it takes so long",
  },
];

/** What ended a pod as a whole; undefined for one that goes on. */
export function podEnded({ status, metadata }: V1Pod): Finding | undefined {
  const disruption = status?.conditions?.find(
    ({ type, status: met }) => type === "DisruptionTarget" && met === "True",
  );
  const said = status?.message ?? disruption?.message ?? "";
  const found = endOf(status?.reason ?? "", said) ?? endOf(disruption?.reason ?? "", said);
  if (found) return found;
  // Of one whose containers failed these say more.
  const ended = status?.containerStatuses?.some(({ state }) => state?.terminated);
  if (status?.phase !== "Failed" || ended) return undefined;
  return {
    reason: "failed",
    detail: oneLine(said || (status.reason ?? "")),
    next: `kubectl -n ${metadata?.namespace} describe pod ${metadata?.name}`,
  };
}

/** The same of a pod that is gone, by the reason of an event; undefined where the event is of something else. */
export function endOf(why: string, message: string): Finding | undefined {
  const found = ends.find((end) => end.why.test(why));
  return found && { reason: found.reason, detail: oneLine(message || why), next: found.next(message) };
}
