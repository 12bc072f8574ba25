import type { V1Container, V1Job, V1Pod, V1PodSpec, V1VolumeMount } from "@kubernetes/client-node";
import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { releaseTimeout } from "../../applications/release-timeout";
import { credentialsRevision } from "../../settings/credentials";
import { statusCode } from "../cluster/api-error";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { fieldAt, type KubernetesObject } from "../cluster/kubernetes-object";
import { notReadyReasons } from "../cluster/not-ready";
import { reasonLines } from "../cluster/not-ready-reason";
import { collectionOf, resourceKinds } from "../cluster/resource-kinds";
import { dueHandOvers, type HandOver } from "../diff/due-hand-overs";
import { configuredReleases } from "../diff/planned-release";
import { renderRelease } from "../diff/render-release";
import { OperationError } from "../errors/operation-error";
import { clusterCapabilities } from "../helm/capabilities";
import { findHelm, Helm } from "../helm/helm";
import { workingDirectory } from "../terraform/cdktf";
import { type ApplyPlanProps, changesIn, type KeptPlan } from "./apply-plan";

/** A workload whose pods mount a claim, as its chart renders it. */
interface Mounting {
  readonly object: KubernetesObject;
  readonly pod: V1PodSpec;
  readonly container: V1Container;
  readonly mount: V1VolumeMount;
}

/**
 * Hands what root wrote in claims over to the users that the pods run as from now on, by a Job each, while the namespace still
 * lets root in. Whoever writes there is stopped first, and comes back with its release.
 *
 * It can be cut off at any moment: a Job that runs goes on, and the next deploy waits for it. The namespace is closed after it.
 *
 * @throws OperationError when a Job fails, with what its pod said; InterruptedError when it was stopped
 */
export async function handOver(props: ApplyPlanProps, plans: readonly KeptPlan[]): Promise<void> {
  const due = dueHandOvers(props.environment, plans.flatMap(changesIn));
  if (due.length === 0) return;
  const api = new KubernetesApi(props.connection);
  const rendered = await renderedReleases(props, api);
  const coming = plans
    .flatMap(changesIn)
    .flatMap(({ type, after }) => (type === "helm_release" ? [String(after?.name)] : []));
  for (const one of due) {
    const mounting = mountingOf(await rendered(one.release), one.claim);
    if (!mounting) continue;
    await handedOver(props, api, one, mounting);
    // Where its release has no revision to come, nobody else brings it back.
    if (!coming.includes(one.release)) {
      await scaled(api, mounting.object, Number(fieldAt(mounting.object, "spec", "replicas") ?? 1));
    }
  }
}

async function renderedReleases(
  { context, environment }: ApplyPlanProps,
  api: KubernetesApi,
): Promise<(release: string) => Promise<KubernetesObject[]>> {
  const directory = workingDirectory(context, "llm-apps");
  const configuration: unknown = JSON.parse(fs.readFileSync(path.join(directory, "cdk.tf.json"), "utf8"));
  const planned = configuredReleases(configuration, {
    [credentialsRevision]: context.credentials?.revisions ?? {},
  });
  const helm = new Helm(findHelm(context.variables), context.variables, context.root, environment);
  const cluster = await clusterCapabilities(api, await resourceKinds(api));
  return async (name) => {
    const release = planned.find((one) => one.name === name);
    return release ? renderRelease(helm, release, { directory, cluster, upgrade: true }) : [];
  };
}

/** The first workload whose pods mount a claim. */
export function mountingOf(objects: readonly KubernetesObject[], claim: string): Mounting | undefined {
  for (const object of objects) {
    const pod = fieldAt(object, "spec", "template", "spec") as V1PodSpec | undefined;
    const volume = pod?.volumes?.find((one) => one.persistentVolumeClaim?.claimName === claim);
    for (const container of pod?.containers ?? []) {
      const mount = container.volumeMounts?.find(({ name }) => name === volume?.name);
      if (pod && mount) return { object, pod, container, mount };
    }
  }
  return undefined;
}

async function handedOver(
  props: ApplyPlanProps,
  api: KubernetesApi,
  due: HandOver,
  mounting: Mounting,
): Promise<void> {
  const { interruption, progress, environment } = props;
  const { release, namespace, claim, user } = due;
  const left = `the claim ${claim} of ${release} is not handed over to the end: npm run deploy -- --environment ${environment.name} goes on`;
  progress.status(`${release}: handing the claim ${claim} over to user ${user}`);
  await scaled(api, mounting.object, 0);
  await interruption.orInterrupted(
    untilGone(api, due, environment, interruption.signal),
    `${release} is stopped, and ${left}`,
  );
  const jobs = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  const job = handOverJob(due, mounting, releaseTimeout(environment, release));
  const at = `${jobs}/${job.metadata?.name}`;
  const remove = () => api.delete(at, { propagationPolicy: "Foreground" }).catch(ignoreMissing);
  // One that failed before is made anew; one that runs is waited for.
  if (ended(await api.find<V1Job>(at)) === "Failed") await removed(api, at, remove, interruption.signal);
  if (!(await api.find<V1Job>(at))) await api.create(jobs, job);
  const result = await interruption.orInterrupted(
    untilEnded(api, at, interruption.signal),
    `${release} is stopped, and ${left}`,
  );
  if (result !== "Complete") {
    const reasons = await notReadyReasons(props.connection, namespace, props.mask).catch(() => []);
    throw new OperationError(
      [
        `nothing was deployed: the claim ${claim} of ${release} could not be handed over from root to user ${user} (Job/${job.metadata?.name} in ${namespace})`,
        ...reasons.flatMap(reasonLines).map((line) => `  ${line}`),
        "a volume whose owner root may not change is handed over by its own means; or the pods stay root's:",
        `  applications.${release}.podSecurityBaseline in environments/${environment.name}.yaml, with the reason`,
        `${release} is stopped until a deploy goes through`,
      ].join("\n"),
    );
  }
  await removed(api, at, remove, interruption.signal);
  progress.line(`${release}: what is in the claim ${claim} belongs to user ${user}`);
}

/** A workload that comes with the next revision of its release has as many pods then as that says. */
async function scaled(api: KubernetesApi, object: KubernetesObject, replicas: number): Promise<void> {
  const collection = collectionOf(await resourceKinds(api), object);
  const at = `${collection}/${object.metadata.name}`;
  if (!(await api.find(at))) return;
  await api.patch(at, [{ op: "add", path: "/spec/replicas", value: replicas }]);
}

/** Until no pod mounts the claim any more, but for that which hands it over. */
async function untilGone(
  api: KubernetesApi,
  { namespace, claim, release }: HandOver,
  environment: Parameters<typeof releaseTimeout>[0],
  signal: AbortSignal,
): Promise<void> {
  const until = Date.now() + releaseTimeout(environment, release) * 1000;
  for (;;) {
    const pods = await api.list<V1Pod>(`/api/v1/namespaces/${namespace}/pods`);
    const holding = pods.filter(
      ({ spec, metadata, status }) =>
        !metadata?.labels?.["batch.kubernetes.io/job-name"] &&
        !["Succeeded", "Failed"].includes(status?.phase ?? "") &&
        spec?.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === claim),
    );
    if (signal.aborted || holding.length === 0) return;
    if (Date.now() > until) {
      throw new OperationError(
        `nothing was deployed: the claim ${claim} of ${release} is to be handed over, and ${holding.map(({ metadata }) => `Pod/${metadata?.name}`).join(", ")} in ${namespace} does not end: delete it, then run this again; ${release} is stopped until then`,
      );
    }
    await sleep(500, undefined, { signal }).catch(() => undefined);
  }
}

async function untilEnded(api: KubernetesApi, at: string, signal: AbortSignal): Promise<string> {
  for (;;) {
    // Its own deadline ends it.
    const end = ended(await api.find<V1Job>(at));
    if (end !== undefined || signal.aborted) return end ?? "";
    await sleep(500, undefined, { signal }).catch(() => undefined);
  }
}

function ended(job: V1Job | undefined): string | undefined {
  return job?.status?.conditions?.find(
    ({ type, status }) => status === "True" && ["Complete", "Failed"].includes(type),
  )?.type;
}

/** Until an object is gone with all that belongs to it. */
async function removed(
  api: KubernetesApi,
  at: string,
  remove: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  await remove();
  while (!signal.aborted && (await api.find(at))) {
    await sleep(250, undefined, { signal }).catch(() => undefined);
  }
}

function ignoreMissing(error: unknown): void {
  if (statusCode(error) !== 404) throw error;
}

/**
 * Changes the owner of everything in a claim, and looks whether all of it has that owner then. Once more does no harm. It
 * runs where the pods of the workload run, of their image.
 *
 * @param seconds after which it is given up
 */
export function handOverJob(
  { release, namespace, claim, user }: HandOver,
  { pod, container, mount }: Mounting,
  seconds: number,
): V1Job {
  const { nodeSelector, tolerations, affinity, imagePullSecrets, volumes } = pod;
  const script = [
    `chown -Rh ${user}:${user} /claim || exit 1`,
    `left=$(find /claim ! -user ${user} -print -quit)`,
    '[ -z "$left" ] || { echo "$left belongs to another user" >&2; exit 1; }',
  ].join("\n");
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: `hand-over-${claim}`,
      namespace,
      labels: { "app.kubernetes.io/instance": release, "app.kubernetes.io/part-of": "llm-platform" },
    },
    spec: {
      backoffLimit: 3,
      activeDeadlineSeconds: seconds,
      template: {
        spec: {
          ...{ nodeSelector, tolerations, affinity, imagePullSecrets },
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          securityContext: { runAsUser: 0, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "hand-over",
              image: container.image,
              command: ["/bin/sh", "-c", script],
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                // What changes an owner, and enters what another user has closed.
                capabilities: { drop: ["ALL"], add: ["CHOWN", "DAC_OVERRIDE"] },
              },
              volumeMounts: [{ ...mount, mountPath: "/claim" }],
            },
          ],
          volumes: volumes?.filter(({ name }) => name === mount.name),
        },
      },
    },
  };
}
