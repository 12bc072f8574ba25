import type { KubeConfig, V1CronJob, V1Node, V1Pod } from "@kubernetes/client-node";
import { PassThrough, type Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApplicationRelease, Backup } from "../../applications/application";
import type { Environment } from "../../settings/environment";
import { clusterError, statusCode } from "../cluster/api-error";
import { isReady } from "../cluster/is-ready";
import { kubectlCommand } from "../cluster/kubectl-command";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { readNamespaceObjects } from "../cluster/namespace-objects";
import { reasonLine } from "../cluster/not-ready-reason";
import { podNotReady } from "../cluster/pod-not-ready";
import type { ReadyPod } from "../cluster/port-forward";
import { runInPod, streamInPod } from "../cluster/run-in-pod";
import { isSimulatedNode } from "../cluster/simulated-node";
import { OperationError } from "../errors/operation-error";
import type { Interruption } from "../terminal/interruption";
import type { Progress } from "../terminal/progress";

/** As long as one may take. */
const longestSeconds = 12 * 3600;

/** How often its pod is told that this process is there. One that was not for five times as long ends. */
const tellMs = 60_000;
const heard = '"${TMPDIR:-/tmp}/heard"';

/** What the pod does by itself. It counts, and looks at no clock: what stands still with its node goes on afterwards. */
export const untilUnheard = `for ((i = 0; i < 30; i++)); do sleep ${(5 * tellMs) / 30_000}; [ ! -e ${heard} ] || { rm ${heard}; i=0; }; done`;

/** How long its pod may take to become ready, its image included. */
const readyMs = 10 * 60_000;

/** A pod that has the data of a release, and what saves and restores it. */
export interface BackupPod {
  /**
   * Runs its program, by its arguments.
   *
   * @throws OperationError when it fails, with what it said
   */
  readonly run: (
    args: readonly string[],
    streams?: { readonly data?: AsyncIterable<Buffer>; readonly take?: Writable },
  ) => Promise<void>;
  /** The same for what answers a few lines. */
  readonly ask: (args: readonly string[]) => Promise<string>;
}

export interface BackupPodProps {
  readonly connection: KubeConfig;
  readonly environment: Environment;
  readonly release: ApplicationRelease & Pick<Backup, "cronJob">;
  readonly interruption: Interruption;
  readonly progress: Progress;
  /** Whether it fetches what the schedule made: what is brought into its pods for that is left out otherwise. @default false */
  readonly fetches?: boolean;
  /** How often the pod is told that this process is there, in milliseconds. @default 60000 */
  readonly tellEveryMs?: number;
}

/**
 * Lends a pod as the release's own backups have it: made of the template of its CronJob, and gone when the work ends. Where this
 * process is killed it ends within minutes, and the next one removes it. It takes the environment's lock: a pod that is there
 * already is nobody's.
 *
 * @throws OperationError when the CronJob is not there, or the pod does not become ready: why not, as far as the cluster says
 */
export async function withBackupPod<Result>(
  props: BackupPodProps,
  work: (pod: BackupPod) => Promise<Result>,
): Promise<Result> {
  const { connection, environment, release, interruption, progress, tellEveryMs = tellMs } = props;
  const { namespace } = release;
  const api = new KubernetesApi(connection);
  const kubectl = kubectlCommand(environment);
  let telling: NodeJS.Timeout | undefined;
  const made = await makePod(api, props).catch((error: unknown) => {
    throw clusterError(`the pod for it in ${namespace}`, error, environment);
  });
  const path = `/api/v1/namespaces/${namespace}/pods/${made.metadata?.name}`;
  try {
    progress.status(`waiting for the pod ${namespace}/${made.metadata?.name}`);
    const pod = await interruption.orInterrupted(becomeReady(api, props, path, kubectl));
    const tell = { command: ["sh", "-c", `: > ${heard}`] };
    // One that fails is followed by others.
    telling = setInterval(
      () => void runInPod(connection, pod, tell, kubectl).catch(() => undefined),
      tellEveryMs,
    );
    const program = made.spec?.containers[0]?.command ?? [];
    const run: BackupPod["run"] = async (args, streams = {}) => {
      const command = [...program.slice(0, -1), ...args];
      const { signal } = interruption;
      const { exitCode, stderr } = await streamInPod(
        connection,
        pod,
        command,
        { ...streams, signal },
        kubectl,
      );
      if (exitCode !== 0)
        throw new OperationError(`${pod.namespace}/${pod.name}: ${stderr.trim() || `${args[0]} failed`}`);
    };
    const ask: BackupPod["ask"] = async (args) => {
      const take = new PassThrough();
      const [said] = await Promise.all([text(take), run(args, { take })]);
      return said.trim();
    };
    return await work({ run, ask });
  } finally {
    clearInterval(telling);
    await api.delete(path, { gracePeriodSeconds: 0 }).catch((error: unknown) => {
      if (statusCode(error) !== 404)
        progress.line(`${kubectl} -n ${namespace} delete pod ${made.metadata?.name}: it is still there`);
    });
  }
}

async function makePod(
  api: KubernetesApi,
  { release: { namespace, cronJob: name }, progress, fetches = false }: BackupPodProps,
): Promise<V1Pod> {
  const cronJob = await api.find<V1CronJob>(`/apis/batch/v1/namespaces/${namespace}/cronjobs/${name}`);
  const template = cronJob?.spec?.jobTemplate.spec?.template;
  const [container, ...others] = template?.spec?.containers ?? [];
  if (!template?.spec || !container) {
    throw new OperationError(
      `CronJob ${namespace}/${name} is not there, whose pods save and restore: npm run deploy makes it; with mongodb: { enabled: false } there is none, and a MongoDB of your own is saved where it runs`,
    );
  }
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  for (const { metadata } of await api.list<V1Pod>(pods)) {
    const isLeft = metadata?.generateName === `${name}-` && !metadata.ownerReferences?.length;
    if (!isLeft) continue;
    progress.line(`removing Pod ${namespace}/${metadata.name}, which a backup or restore left there`);
    await api.delete(`${pods}/${metadata.name}`, { gracePeriodSeconds: 0 });
  }
  return api
    .create<V1Pod>(pods, {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { generateName: `${name}-`, labels: template.metadata?.labels },
      spec: {
        ...template.spec,
        ...(!fetches && { initContainers: [] }),
        activeDeadlineSeconds: longestSeconds,
        containers: [{ ...container, command: ["bash", "-c", untilUnheard] }, ...others],
      },
    })
    .then((pod) => ({ ...pod, spec: { ...template.spec!, containers: [container, ...others] } }));
}

async function becomeReady(
  api: KubernetesApi,
  { connection, release: { namespace }, progress }: BackupPodProps,
  path: string,
  kubectl: string,
): Promise<ReadyPod> {
  for (const until = Date.now() + readyMs; ; await sleep(500)) {
    const pod = await api.get<V1Pod>(path);
    const name = pod.metadata?.name ?? "";
    const node = pod.spec?.nodeName ?? "";
    if (isReady(pod)) {
      const simulated = await api.get<V1Node>(`/api/v1/nodes/${node}`).then(isSimulatedNode, () => false);
      if (!simulated) return { name, namespace, container: pod.spec?.containers[0]?.name ?? "", node };
      throw new OperationError(
        `${namespace}/${name} is simulated: nothing runs in it, and it has no data; name a real cluster with --environment`,
      );
    }
    const found = podNotReady(pod, await readNamespaceObjects(connection, namespace));
    if (found) progress.status(reasonLine(found), found.reason);
    if (!found?.incurable && pod.status?.phase !== "Failed" && Date.now() < until) continue;
    const why = found ? reasonLine(found) : `Pod/${name}: is not ready`;
    const next = found?.next ?? `${kubectl} -n ${namespace} describe pod ${name}`;
    throw new OperationError(`${namespace}: ${why}: ${next}`, { found: why, next });
  }
}
