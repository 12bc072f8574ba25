import type { KubeConfig, V1ObjectMeta, V1Pod } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { incurableFindings } from "../cluster/incurable";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { readNamespaceObjects } from "../cluster/namespace-objects";
import { readReleases, secretPath } from "../helm/read-releases";
import { markedFailed } from "../helm/stored-release";
import { resumableAnnotation } from "../../settings/resumable-hook";
import { runningProcesses, signalProcess } from "../terminal/running-processes";
import type { WatchedRelease } from "../cluster/release-watch";

/** How long Helm has to hand over the last objects of a release, after which it only waits for them. */
const patienceMs = 10_000;

/** What ends the waiting. */
export interface WaitingSignals {
  /** Aborted once Terraform was told to stop. */
  readonly interrupted: AbortSignal;
  /** Aborted once nothing that is waited for can become ready any more. */
  readonly givenUp: AbortSignal;
  /** Aborted when Terraform has ended. */
  readonly ended: AbortSignal;
}

/**
 * Ends Helm's waiting for pods once a deploy was told to stop, or waits in vain. Helm's provider does not hear of it by itself
 * and would wait for as long as the release may take, half an hour for one that pulls models.
 *
 * A hook that runs is waited for, unless it says that it can be stopped: it may be moving data.
 *
 * @param terraform process id
 * @param waitedFor the releases that Terraform is at
 */
export async function stopWaiting(
  connection: KubeConfig,
  terraform: number,
  waitedFor: () => readonly WatchedRelease[],
  { interrupted, givenUp, ended }: WaitingSignals,
): Promise<void> {
  const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined);
  await aborted(AbortSignal.any([interrupted, givenUp, ended]));
  if (!givenUp.aborted) await pause(patienceMs, AbortSignal.any([givenUp, ended]));
  while (!ended.aborted) {
    const releases = waitedFor();
    const hooks = await Promise.all(releases.map((release) => hookRuns(connection, release)));
    if (releases.length && !hooks.includes(true) && !ended.aborted) {
      for (const provider of await helmProviders(terraform)) signalProcess(provider, "SIGTERM");
    }
    await pause(1000, ended);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/**
 * Marks releases that are pending as failed, as Helm does when it is stopped itself: the next deploy then upgrades them.
 * Nobody may be at them any more.
 *
 * @param why what Helm's history is to say of one, by its name; undefined where it was cut off alone
 * @returns the names of those that were pending; none where the API server does not answer
 */
export async function markUnfinished(
  connection: KubeConfig,
  releases: readonly WatchedRelease[],
  why: (release: string) => string | undefined,
): Promise<string[]> {
  return mark(new KubernetesApi(connection), releases, why).catch(() => []);
}

async function mark(
  api: KubernetesApi,
  releases: readonly WatchedRelease[],
  why: (release: string) => string | undefined,
): Promise<string[]> {
  const found = await readReleases(
    api,
    releases.map(({ namespace }) => namespace),
  );
  const pending = found
    .map(([newest]) => newest)
    .filter(({ name, pending }) => pending && releases.some((of) => of.name === name));
  for (const release of pending) {
    await api.replace(
      secretPath(release),
      markedFailed(release, why(release.name) ?? "Cut off: its pods were not waited for to the end"),
    );
  }
  return pending.map(({ name }) => name);
}

/** Whether a hook of Helm that cannot be stopped runs in the namespace of a release; where that is not known it may. */
async function hookRuns(connection: KubeConfig, { namespace, name }: WatchedRelease): Promise<boolean> {
  try {
    const objects = await readNamespaceObjects(connection, namespace);
    // One that cannot even begin moves nothing.
    const inVain = new Set(incurableFindings(objects, name).map(({ object }) => object));
    const begins = ({ metadata }: V1Pod): boolean => !inVain.has(`Pod/${metadata?.name}`);
    const isHook = ({ annotations = {} }: V1ObjectMeta = {}): boolean =>
      annotations["helm.sh/hook"] !== undefined && annotations[resumableAnnotation] === undefined;
    return (
      objects.jobs.some(({ metadata, status }) => {
        const own = objects.pods.filter((pod) =>
          pod.metadata?.ownerReferences?.some(({ uid }) => uid === metadata?.uid),
        );
        return (
          isHook(metadata) &&
          (own.length === 0 || own.some(begins)) &&
          !(status?.conditions ?? []).some(
            ({ type, status: met }) => ["Complete", "Failed"].includes(type) && met === "True",
          )
        );
      }) ||
      objects.pods.some(
        (pod) =>
          isHook(pod.metadata) &&
          begins(pod) &&
          ["Pending", "Running"].includes(pod.status?.phase ?? "Pending"),
      )
    );
  } catch {
    return true;
  }
}

/** Processes of the Helm provider that a Terraform has started. */
async function helmProviders(terraform: number): Promise<number[]> {
  const processes = await runningProcesses();
  return processes
    .filter(({ parent, command }) => parent === terraform && command.includes("terraform-provider-helm"))
    .map(({ pid }) => pid);
}
