import type { V1Job, V1PersistentVolumeClaim, V1ReplicaSet, V1StatefulSet } from "@kubernetes/client-node";
import type { NamespaceObjects } from "./namespace-objects";
import type { NotReadyFinding } from "./not-ready-reason";
import { eventsOf } from "./object-events";
import { oneLine, podNotReady } from "./pod-not-ready";

/** Why what is in a namespace is not ready; causes before what follows from them. */
export function notReadyFindings(objects: NamespaceObjects): NotReadyFinding[] {
  const claims = objects.claims.flatMap((claim) => claimFinding(claim, objects));
  const refused = [
    ...objects.replicaSets.flatMap((owner) => refusedPods("ReplicaSet", owner, objects)),
    ...objects.statefulSets.flatMap((owner) => refusedPods("StatefulSet", owner, objects)),
  ];
  const jobs = objects.jobs.flatMap((job) => jobFinding(job, objects));
  const failedJobs = new Set(jobs.map(({ object }) => object));
  const pods = objects.pods
    .filter(({ metadata }) =>
      (metadata?.ownerReferences ?? []).every(({ kind, name }) => !failedJobs.has(`${kind}/${name}`)),
    )
    .flatMap((pod) => podNotReady(pod, objects.events) ?? [])
    // The claim itself says why.
    .filter(({ reason }) => claims.length === 0 || !reason.endsWith("its claim is not bound"));
  return [...claims, ...refused, ...jobs, ...alike(pods), ...services(objects)];
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
      },
    ];
  }
  if (status?.phase !== "Pending") return [];
  const [event] = eventsOf(events, claim);
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
    },
  ];
}

function refusedPods(
  kind: string,
  owner: V1ReplicaSet | V1StatefulSet,
  { events, pods }: Pick<NamespaceObjects, "events" | "pods">,
): NotReadyFinding[] {
  const wanted = owner.spec?.replicas ?? 1;
  const { name, uid } = owner.metadata ?? {};
  const made = pods.filter(({ metadata }) =>
    metadata?.ownerReferences?.some((reference) => reference.uid === uid),
  );
  if (made.length >= wanted) return [];
  const [event] = eventsOf(events, owner).filter(({ reason }) => reason === "FailedCreate");
  if (!event) return [];
  const detail = oneLine((event.message ?? "").replace(/^.*?error: /, ""));
  return [{ object: `${kind}/${name}`, ...refusal(detail) }];
}

function refusal(detail: string): Omit<NotReadyFinding, "object"> {
  if (/exceeded quota/.test(detail)) {
    return {
      reason: "quota exceeded",
      detail,
      next: "raise quotas in the environment's file, or lower what the pod asks for in the values",
    };
  }
  if (/violates PodSecurity/.test(detail)) {
    return {
      reason: "pod refused: Pod Security",
      detail,
      next: "give the pod the security context that is asked for, in the values",
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
    .filter(({ metadata }) => metadata?.ownerReferences?.some(({ uid }) => uid === job.metadata?.uid))
    .sort((a, b) => time(b.metadata?.creationTimestamp) - time(a.metadata?.creationTimestamp))[0]
    ?.metadata?.name;
  return [
    {
      object: `Job/${name}`,
      reason: hook ? "hook failed" : "job failed",
      detail: oneLine(`${hook ? `${hook}: ` : ""}${failed.message ?? failed.reason ?? ""}`),
      next: `correct what its log says, then deploy again: kubectl -n ${namespace} logs job/${name}`,
      ...(newest && { logOf: { pod: newest, previous: false } }),
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

function time(date: Date | undefined): number {
  return date ? new Date(date).getTime() : 0;
}
