import type { KubeConfig, V1CronJob, V1Deployment, V1Pod } from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApplicationRelease, Backup } from "../../applications/application";
import { mainPods } from "../../applications/release-url";
import { isReady } from "../cluster/is-ready";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { OperationError } from "../errors/operation-error";
import type { Interruption } from "../terminal/interruption";
import type { Progress } from "../terminal/progress";

/** How long its pods may take to end, and to become ready again. */
const patienceMs = 10 * 60_000;

/**
 * Does work while the first pods of a release, which people reach, do not run, and no backup is made by its schedule. They run again
 * once it is done; where it fails both stay stopped, and the same work done again starts them.
 *
 * @throws OperationError when such a backup is being made, when they do not end, or do not become ready afterwards
 */
export async function whileStopped(
  {
    connection,
    release,
    interruption,
    progress,
  }: {
    readonly connection: KubeConfig;
    readonly release: ApplicationRelease & Backup;
    readonly interruption: Interruption;
    readonly progress: Progress;
  },
  work: () => Promise<void>,
): Promise<void> {
  const { name, namespace, application, cronJob, isScheduled } = release;
  const api = new KubernetesApi(connection);
  const labels = mainPods(application).labels(name);
  const selector = encodeURIComponent(
    Object.entries(labels)
      .map(([label, value]) => `${label}=${value}`)
      .join(),
  );
  const deployments = (
    await api.list<V1Deployment>(`/apis/apps/v1/namespaces/${namespace}/deployments`)
  ).filter(({ spec }) =>
    Object.entries(labels).every(([label, value]) => spec?.template.metadata?.labels?.[label] === value),
  );
  const scale = async (replicas: (before: number) => number): Promise<void> => {
    for (const { metadata, spec } of deployments) {
      await api.patch(`/apis/apps/v1/namespaces/${namespace}/deployments/${metadata?.name}/scale`, [
        { op: "add", path: "/spec/replicas", value: replicas(spec?.replicas ?? 1) },
      ]);
    }
  };
  const wait = async (what: string, isDone: (pods: readonly V1Pod[]) => boolean): Promise<void> => {
    progress.status(`waiting for ${name} to ${what}`);
    for (const until = Date.now() + patienceMs; ; await sleep(500)) {
      if (isDone(await api.list<V1Pod>(`/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`)))
        return;
      if (Date.now() < until) continue;
      throw new OperationError(
        `${name} did not ${what} within 10 minutes: npm run doctor and npm run verify say more`,
      );
    }
  };
  const schedule = `/apis/batch/v1/namespaces/${namespace}/cronjobs/${cronJob}`;
  // What a schedule saved of a half would push out what is whole.
  const suspend = (value: boolean): Promise<unknown> =>
    api.patch(schedule, [{ op: "add", path: "/spec/suspend", value }]);
  const start = async (): Promise<void> => {
    await scale((before) => Math.max(before, 1));
    await suspend(!isScheduled);
  };
  await suspend(true);
  const { status } = await api.get<V1CronJob>(schedule);
  if (status?.active?.length) {
    await suspend(!isScheduled);
    throw new OperationError(
      `nothing was changed: a scheduled backup of ${name} is being made (Job ${namespace}/${status.active[0]?.name}): run this again once it has ended`,
    );
  }
  await scale(() => 0);
  await interruption.orInterrupted(wait("end", (pods) => pods.length === 0)).catch(async (error: unknown) => {
    await start();
    throw error;
  });
  await work();
  await start();
  await wait("become ready", (pods) => pods.length > 0 && pods.every(isReady));
}
