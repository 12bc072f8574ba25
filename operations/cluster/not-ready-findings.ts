import type {
  V1Job,
  V1ObjectMeta,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
  V1StatefulSet,
} from "@kubernetes/client-node";
import type { NamespaceObjects } from "./namespace-objects";
import type { NotReadyFinding } from "./not-ready-reason";
import { eventsOf, eventTime, time } from "./object-events";
import { oneLine } from "./one-line";
import { endOf } from "./pod-ended";
import { podNotReady } from "./pod-not-ready";

/** Why what is in a namespace is not ready; causes before what follows from them. */
export function notReadyFindings(all: NamespaceObjects): NotReadyFinding[] {
  const objects = withoutScheduled(all);
  const claims = objects.claims.flatMap((claim) => claimFinding(claim, objects));
  const refused = [
    ...objects.replicaSets.flatMap((owner) => refusedPods("ReplicaSet", owner, objects)),
    ...objects.statefulSets.flatMap((owner) => refusedPods("StatefulSet", owner, objects)),
  ];
  const jobs = objects.jobs.flatMap((job) => jobFinding(job, objects));
  const failedJobs = new Set(jobs.map(({ object }) => object));
  const pods = objects.pods
    .filter((pod) => isOfTheLast(pod, objects))
    .filter(({ metadata }) =>
      (metadata?.ownerReferences ?? []).every(({ kind, name }) => !failedJobs.has(`${kind}/${name}`)),
    )
    // Those that ended say why there are others.
    .sort((a, b) => Number(b.status?.phase === "Failed") - Number(a.status?.phase === "Failed"))
    .flatMap((pod) => {
      const found = podNotReady(pod, objects);
      return found ? { ...found, ...leftOver(pod, objects) } : [];
    })
    // The claim itself says why.
    .filter(({ reason }) => claims.length === 0 || !reason.endsWith("its claim is not bound"));
  return [...claims, ...refused, ...jobs, ...gonePods(objects), ...alike(pods), ...services(objects)];
}

/** Nobody waits for what a schedule makes, such as a backup: one that failed says nothing of a release. */
function withoutScheduled(objects: NamespaceObjects): NamespaceObjects {
  const scheduled = objects.jobs.filter(({ metadata }) =>
    metadata?.ownerReferences?.some(({ kind }) => kind === "CronJob"),
  );
  return {
    ...objects,
    jobs: objects.jobs.filter((job) => !scheduled.includes(job)),
    pods: objects.pods.filter((pod) => !scheduled.some(({ metadata }) => owns(metadata, pod))),
  };
}

/**
 * Whether a pod is what is waited for: what is left of the revision of a Deployment before the last, and a pod that failed and
 * has a successor that is ready, keeps nothing from being ready.
 */
export function isOfTheLast(pod: V1Pod, { replicaSets }: Pick<NamespaceObjects, "replicaSets">): boolean {
  const owner = replicaSets.find(({ metadata }) => owns(metadata, pod));
  if (!owner) return true;
  if (pod.status?.phase === "Failed" && (owner.status?.readyReplicas ?? 0) >= (owner.spec?.replicas ?? 1))
    return false;
  const revision = ({ metadata }: V1ReplicaSet) =>
    Number(metadata?.annotations?.["deployment.kubernetes.io/revision"] ?? 0);
  const deployment = owner.metadata?.ownerReferences?.[0]?.uid;
  const newer = replicaSets.some(
    (other) =>
      deployment !== undefined &&
      other.metadata?.ownerReferences?.[0]?.uid === deployment &&
      revision(other) > revision(owner),
  );
  return !newer || pod.metadata?.deletionTimestamp !== undefined;
}

/** A StatefulSet numbers its pods, and a ReplicaSet gives them five letters. */
function isNamedBy(owner: string, pod: string): boolean {
  return pod.startsWith(owner) && /^-(\d+|[a-z0-9]{5})$/.test(pod.slice(owner.length));
}

/** A StatefulSet replaces its pods one by one, and waits for ever for one that never was ready, whatever is wrong with it. */
function leftOver(
  pod: V1Pod,
  { statefulSets }: Pick<NamespaceObjects, "statefulSets">,
): Partial<Pick<NotReadyFinding, "next">> {
  const { name, namespace, labels, deletionTimestamp } = pod.metadata ?? {};
  const { updateRevision } = statefulSets.find(({ metadata }) => owns(metadata, pod))?.status ?? {};
  const revision = labels?.["controller-revision-hash"];
  if (deletionTimestamp || !updateRevision || !revision || revision === updateRevision) return {};
  return {
    next: `it is of the revision before, and a StatefulSet does not replace a pod that is not ready: kubectl -n ${namespace} delete pod ${name}`,
  };
}

function owns(owner: V1ObjectMeta | undefined, { metadata }: V1Pod): boolean {
  return (metadata?.ownerReferences ?? []).some(({ uid }) => uid === owner?.uid);
}

/** Pods that were taken away from workloads that lack some since, such as for others of a higher priority. */
function gonePods({ replicaSets, statefulSets, pods, events }: NamespaceObjects): NotReadyFinding[] {
  return [...replicaSets, ...statefulSets]
    .filter(({ spec, status }) => (status?.readyReplicas ?? 0) < (spec?.replicas ?? 1))
    .flatMap(({ metadata }) => {
      const gone = [...events]
        .sort((a, b) => eventTime(b) - eventTime(a))
        .find(
          ({ involvedObject: { kind, name, uid }, reason }) =>
            kind === "Pod" &&
            isNamedBy(metadata?.name ?? "", name ?? "") &&
            pods.every((pod) => pod.metadata?.uid !== uid) &&
            endOf(reason ?? "", "") !== undefined,
        );
      const found = gone && endOf(gone.reason ?? "", gone.message ?? "");
      return found ? [{ object: `Pod/${gone.involvedObject.name}`, ...found }] : [];
    });
}

/** Pods of one workload that lack the same are one finding. */
function alike(pods: readonly NotReadyFinding[]): NotReadyFinding[] {
  const same = (a: NotReadyFinding, b: NotReadyFinding): boolean =>
    a.reason === b.reason && a.detail === b.detail;
  return pods
    .filter((pod, i) => pods.findIndex((other) => same(pod, other)) === i)
    .map((pod) => {
      const others = pods.filter((other) => same(pod, other)).length - 1;
      return others ? { ...pod, detail: `${pod.detail} (and ${others} more like it)` } : pod;
    });
}

/** What is said of claims for which no volume comes by waiting. */
const neverBinds =
  /storageclass.* not found|no persistent volumes available|no volume plugin matched|cannot bind to requested volume|InvalidArgument|not supported/i;

function claimFinding(
  claim: V1PersistentVolumeClaim,
  { events }: Pick<NamespaceObjects, "events">,
): NotReadyFinding[] {
  const { metadata, spec, status } = claim;
  const object = `PersistentVolumeClaim/${metadata?.name}`;
  if (status?.phase === "Lost") {
    return [
      {
        object,
        reason: "its volume is gone",
        detail: `volume ${spec?.volumeName}`,
        next: "bring the PersistentVolume back, or delete the claim and what was in it",
        incurable: { seen: time(metadata?.creationTimestamp) },
      },
    ];
  }
  if (status?.phase !== "Pending") return [];
  // That it waits for whoever makes its volume is repeated for ever, and outruns why they do not.
  const own = eventsOf(events, claim);
  const event = own.find(({ type }) => type === "Warning") ?? own[0];
  // It waits for its pod, which says what it waits for.
  if (["WaitForFirstConsumer", "WaitForPodScheduled"].includes(event?.reason ?? "")) return [];
  const size = spec?.resources?.requests?.storage ?? "?";
  const of = spec?.storageClassName ? `StorageClass ${spec.storageClassName}` : "no StorageClass";
  const said = event?.message ?? "the cluster does not say why";
  return [
    {
      object,
      reason: "claim unbound",
      detail: oneLine(`${size} of ${of}: ${said}`),
      next: /not found/.test(said)
        ? "name a StorageClass that exists in storage.className of the environment's file: kubectl get storageclasses"
        : spec?.storageClassName
          ? "see that its provisioner runs, or make a PersistentVolume of that class and size"
          : "mark one StorageClass as the default, or name one in storage.className of the environment's file",
      ...(event && neverBinds.test(said) && { incurable: { seen: eventTime(event) } }),
    },
  ];
}

function refusedPods(
  kind: string,
  owner: V1ReplicaSet | V1StatefulSet,
  { events, pods }: Pick<NamespaceObjects, "events" | "pods">,
): NotReadyFinding[] {
  const wanted = owner.spec?.replicas ?? 1;
  const { name } = owner.metadata ?? {};
  const made = pods.filter((pod) => owns(owner.metadata, pod) && pod.status?.phase !== "Failed");
  if (made.length >= wanted) return [];
  const [event] = eventsOf(events, owner).filter(({ reason }) => reason === "FailedCreate");
  if (!event) return [];
  const detail = oneLine(
    (event.message ?? "").replace(/^(\(combined from similar events\): )?(Error creating: |.*?error: )?/, ""),
  );
  // Pods that end make room in a quota; what else refuses is a fault of its own, which may go by.
  const mayPass =
    (/exceeded quota/.test(detail) && pods.some(({ metadata }) => metadata?.deletionTimestamp)) ||
    /failed calling webhook|serviceaccount .* not found|timed? ?out/i.test(detail);
  return [
    {
      object: `${kind}/${name}`,
      ...refusal(detail),
      ...(!mayPass && { incurable: { seen: eventTime(event) } }),
    },
  ];
}

function refusal(detail: string): Omit<NotReadyFinding, "object"> {
  if (/exceeded quota/.test(detail)) {
    return {
      reason: "quota exceeded",
      detail,
      next: "raise applications.NAME.quota in the environment's file, or lower what the pod asks for in the values",
    };
  }
  if (/violates PodSecurity/.test(detail)) {
    return {
      reason: "pod refused: Pod Security",
      detail,
      next: "give the pod the security context that is asked for, in the values, or say in the environment's file why it needs none: podSecurityBaseline",
    };
  }
  if (/RuntimeClass/.test(detail)) {
    return {
      reason: "pod refused: RuntimeClass",
      detail,
      next: "correct or remove gpu.runtimeClass in the environment's file",
    };
  }
  return { reason: "pod refused", detail, next: "correct what the API server names, then deploy again" };
}

function jobFinding(job: V1Job, { pods }: Pick<NamespaceObjects, "pods">): NotReadyFinding[] {
  const failed = (job.status?.conditions ?? []).find(
    ({ type, status }) => (type === "Failed" || type === "FailureTarget") && status === "True",
  );
  if (!failed) return [];
  const { name, namespace, annotations } = job.metadata ?? {};
  const hook = annotations?.["helm.sh/hook"];
  const newest = pods
    .filter((pod) => owns(job.metadata, pod))
    .sort((a, b) => time(b.metadata?.creationTimestamp) - time(a.metadata?.creationTimestamp))[0];
  const said = newest?.status?.containerStatuses?.find(({ state }) => state?.terminated?.message)?.state
    ?.terminated?.message;
  return [
    {
      object: `Job/${name}`,
      reason: hook ? "hook failed" : "job failed",
      detail: oneLine(`${hook ? `${hook}: ` : ""}${said ?? failed.message ?? failed.reason ?? ""}`),
      next: `correct what its log says, then deploy again: kubectl -n ${namespace} logs job/${name}`,
      ...(newest && { logOf: { pod: newest.metadata?.name ?? "", previous: false } }),
    },
  ];
}

/** Helm waits for the address of a load balancer. */
function services({ services, events }: NamespaceObjects): NotReadyFinding[] {
  return services
    .filter(({ spec, status }) => spec?.type === "LoadBalancer" && !status?.loadBalancer?.ingress?.length)
    .map((service) => ({
      object: `Service/${service.metadata?.name}`,
      reason: "no address",
      detail: oneLine(eventsOf(events, service)[0]?.message ?? "no load balancer has given it one"),
      next: "the cluster needs a controller of load balancers (minikube tunnel, for minikube), or set service.type to ClusterIP",
    }));
}
