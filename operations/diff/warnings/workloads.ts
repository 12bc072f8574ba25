import { isMap } from "../../../settings/yaml-file";
import { fieldAt, type Fields, type KubernetesObject, listAt, title } from "../../cluster/kubernetes-object";
import { same } from "../unified-diff";
import type { Rule } from "./warning";

/** Fields of a spec that the API server does not let anybody change: the upgrade fails until the object is deleted. */
const immutable: { readonly [kind: string]: readonly string[] } = {
  Deployment: ["selector"],
  DaemonSet: ["selector"],
  StatefulSet: ["selector", "serviceName", "podManagementPolicy", "volumeClaimTemplates"],
  Job: ["selector", "template", "completionMode"],
  PersistentVolumeClaim: ["accessModes", "storageClassName", "volumeName", "volumeMode"],
};

/** Workloads that must be made anew. */
export const recreatedWorkloads: Rule = (old, planned) => {
  if (!old || !planned) return [];
  const names = recreating(old, planned).join(", ");
  return names
    ? [
        `${title(planned)}: ${names} cannot be changed: the upgrade fails until the object is deleted, and it is made anew`,
      ]
    : [];
};

function recreating(old: KubernetesObject, planned: KubernetesObject): string[] {
  return (immutable[planned.kind] ?? [])
    .filter((field) => !same(fieldAt(old, "spec", field), fieldAt(planned, "spec", field)))
    .map((field) => `spec.${field}`);
}

/** Workloads that stop for a while. */
export const stoppedWorkloads: Rule = (old, planned) => {
  if (!old || !planned || recreating(old, planned).length) return [];
  const strategy = stopsFirst(planned);
  if (!strategy || same(fieldAt(old, "spec", "template"), fieldAt(planned, "spec", "template"))) return [];
  return [
    `${title(planned)}: its pods are stopped before new ones start (${strategy}): it does not answer meanwhile`,
  ];
};

/** Images of containers that are kept and get another tag or repository. */
export const movedImages: Rule = (old, planned) => {
  if (!old || !planned) return [];
  const before = new Map(containers(old).map(({ name, image }) => [name, image]));
  return containers(planned)
    .filter(({ name, image }) => before.has(name) && before.get(name) !== image)
    .map(({ name, image }) => `${title(planned)}: image ${String(before.get(name))} → ${String(image)}`);
};

/** Workloads that ask for another number of GPUs; 0 where there is no such workload. */
export const gpuCounts: Rule = (old, planned) => {
  const any = planned ?? old;
  const [before, after] = [gpus(old), gpus(planned)];
  return any && before !== after ? [`${title(any)}: GPUs ${before} → ${after}`] : [];
};

function gpus(object: KubernetesObject | undefined): number {
  if (!object) return 0;
  const asked = containers(object)
    .flatMap((container) => Object.entries((fieldAt(container, "resources", "limits") ?? {}) as Fields))
    .filter(([resource]) => /^(nvidia|amd)\.com\/|gpu/.test(resource))
    .reduce((sum, [, count]) => sum + Number(count), 0);
  const replicas = fieldAt(object, "spec", "replicas");
  return asked * (typeof replicas === "number" ? replicas : 1);
}

/** The containers of a workload's pods, or of a pod. */
function containers(object: KubernetesObject): Fields[] {
  const pod =
    fieldAt(object, "spec", "jobTemplate", "spec", "template", "spec") ??
    fieldAt(object, "spec", "template", "spec") ??
    (object.kind === "Pod" ? object.spec : undefined);
  return [...listAt(pod, "initContainers"), ...listAt(pod, "containers")].filter(isMap);
}

/**
 * How a workload stops its pods before new ones start; undefined where it does not. One pod on one volume: a StatefulSet of
 * one replica stops it before it starts the next one, whatever its strategy.
 */
function stopsFirst(object: KubernetesObject): string | undefined {
  const { kind } = object;
  if (kind === "Deployment" && fieldAt(object, "spec", "strategy", "type") === "Recreate") {
    return "strategy Recreate";
  }
  const alone = kind === "StatefulSet" && (fieldAt(object, "spec", "replicas") ?? 1) === 1;
  return alone ? "a StatefulSet of one replica" : undefined;
}
