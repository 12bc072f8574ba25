import type { KubeConfig, V1Job, V1Pod } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { readReleases, secretPath } from "../helm/read-releases";
import { markedFailed } from "../helm/stored-release";
import { runProgram } from "../terminal/run-program";
import type { WatchedRelease } from "./release-watch";

/** How long Helm has to hand over the last objects of a release, after which it only waits for them. */
const patienceMs = 10_000;

/**
 * Ends Helm's waiting for pods once a deploy was told to stop. Helm's provider does not hear of it by itself and would wait
 * for as long as the release may take, half an hour for one that pulls models.
 *
 * A hook that runs is waited for: it may be moving data.
 *
 * @param terraform process id of a Terraform that was told to stop
 * @param waitedFor the releases that Terraform is at
 * @param ended aborted when Terraform has ended
 */
export async function stopWaiting(
  connection: KubeConfig,
  terraform: number,
  waitedFor: () => readonly WatchedRelease[],
  ended: AbortSignal,
): Promise<void> {
  const pause = (ms: number) => sleep(ms, undefined, { signal: ended }).catch(() => undefined);
  await pause(patienceMs);
  while (!ended.aborted) {
    const releases = waitedFor();
    const hooks = await Promise.all(releases.map((release) => hookRuns(connection, release)));
    if (releases.length && !hooks.includes(true) && !ended.aborted) {
      for (const provider of await helmProviders(terraform)) process.kill(provider, "SIGTERM");
    }
    await pause(1000);
  }
}

/**
 * Marks releases that are pending as failed, as Helm does when it is stopped itself: the next deploy then upgrades them.
 * Nobody may be at them any more.
 *
 * @returns the names of those that were pending; none where the API server does not answer
 */
export async function markUnfinished(
  connection: KubeConfig,
  releases: readonly WatchedRelease[],
): Promise<string[]> {
  return mark(new KubernetesApi(connection), releases).catch(() => []);
}

async function mark(api: KubernetesApi, releases: readonly WatchedRelease[]): Promise<string[]> {
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
      markedFailed(release, "Cut off: its pods were not waited for to the end"),
    );
  }
  return pending.map(({ name }) => name);
}

/** Whether a hook of Helm runs in the namespace of a release; where that is not known it may. */
async function hookRuns(connection: KubeConfig, { namespace }: WatchedRelease): Promise<boolean> {
  try {
    const api = new KubernetesApi(connection);
    const [jobs, pods] = await Promise.all([
      api.list<V1Job>(`/apis/batch/v1/namespaces/${namespace}/jobs`),
      api.list<V1Pod>(`/api/v1/namespaces/${namespace}/pods`),
    ]);
    const isHook = (metadata?: { annotations?: { [key: string]: string } }): boolean =>
      metadata?.annotations?.["helm.sh/hook"] !== undefined;
    return (
      jobs.some(
        ({ metadata, status }) =>
          isHook(metadata) &&
          !(status?.conditions ?? []).some(
            ({ type, status: met }) => ["Complete", "Failed"].includes(type) && met === "True",
          ),
      ) ||
      pods.some(
        ({ metadata, status }) =>
          isHook(metadata) && ["Pending", "Running"].includes(status?.phase ?? "Pending"),
      )
    );
  } catch {
    return true;
  }
}

/** Processes of the Helm provider that a Terraform has started. */
async function helmProviders(terraform: number): Promise<number[]> {
  const { stdout } = await runProgram("ps", ["-A", "-o", "pid=,ppid=,args="]);
  return stdout
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((found) => Number(found?.[2]) === terraform && found?.[3]?.includes("terraform-provider-helm"))
    .map((found) => Number(found?.[1]));
}
