import { isMap } from "../../../settings/yaml-file";
import {
  fieldAt,
  type Fields,
  type KubernetesObject,
  listAt,
  type ObjectPair,
  title,
} from "../../cluster/kubernetes-object";
import { unifiedDiff } from "../unified-diff";
import type { Warning } from "./warning";

/** Fields that the API server does not let anybody change: the upgrade fails until the object is deleted. */
const immutable: { readonly [kind: string]: readonly string[][] } = {
  Deployment: [["spec", "selector"]],
  DaemonSet: [["spec", "selector"]],
  StatefulSet: [
    ["spec", "selector"],
    ["spec", "serviceName"],
    ["spec", "podManagementPolicy"],
    ["spec", "volumeClaimTemplates"],
  ],
  Job: [
    ["spec", "selector"],
    ["spec", "template"],
    ["spec", "completionMode"],
  ],
  PersistentVolumeClaim: [
    ["spec", "accessModes"],
    ["spec", "storageClassName"],
    ["spec", "volumeName"],
    ["spec", "volumeMode"],
  ],
};

/** Workloads that must be made anew, or stop for a while. */
export function recreatedWorkloads(pairs: readonly ObjectPair[]): Warning[] {
  return pairs.flatMap(({ old, new: planned }): Warning[] => {
    if (!old || !planned) return [];
    const fields = (immutable[planned.kind] ?? []).filter((path) =>
      differ(fieldAt(old, ...path), fieldAt(planned, ...path)),
    );
    if (fields.length) {
      const names = fields.map((path) => path.join(".")).join(", ");
      return [
        {
          kind: "workload-recreated",
          text: `${title(planned)}: ${names} cannot be changed: the upgrade fails until the object is deleted, and it is made anew`,
        },
      ];
    }
    if (
      !stopsFirst(planned) ||
      !differ(fieldAt(old, "spec", "template"), fieldAt(planned, "spec", "template"))
    )
      return [];
    return [
      {
        kind: "downtime",
        text: `${title(planned)}: its pods are stopped before new ones start (${strategy(planned)}): it does not answer meanwhile`,
      },
    ];
  });
}

/** Images of containers that are kept and get another tag or repository. */
export function movedImages(pairs: readonly ObjectPair[]): Warning[] {
  return pairs.flatMap(({ old, new: planned }): Warning[] => {
    if (!old || !planned) return [];
    const before = new Map(
      containers(old).map((container) => [container.name, String(container.image ?? "")]),
    );
    return containers(planned).flatMap((container) => {
      const image = String(container.image ?? "");
      const was = before.get(container.name);
      if (was === undefined || was === image) return [];
      return [{ kind: "image-moved" as const, text: `${title(planned)}: image ${was} → ${image}` }];
    });
  });
}

/** Workloads that ask for another number of GPUs; 0 where there is no such workload. */
export function gpuCounts(pairs: readonly ObjectPair[]): Warning[] {
  return pairs.flatMap(({ old, new: planned }): Warning[] => {
    const any = planned ?? old;
    const [before, after] = [gpus(old), gpus(planned)];
    if (!any || before === after) return [];
    return [{ kind: "gpu-count", text: `${title(any)}: GPUs ${before} → ${after}` }];
  });
}

function gpus(object: KubernetesObject | undefined): number {
  if (!object) return 0;
  const asked = containers(object)
    .flatMap((container) => Object.entries((fieldAt(container, "resources", "limits") ?? {}) as Fields))
    .filter(([resource]) => /\/(gpu|mig-.*)$/.test(resource))
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

/** One pod on one volume: a StatefulSet of one replica stops it before it starts the next one, whatever its strategy. */
function stopsFirst(object: KubernetesObject): boolean {
  if (object.kind === "Deployment") return fieldAt(object, "spec", "strategy", "type") === "Recreate";
  return object.kind === "StatefulSet" && (fieldAt(object, "spec", "replicas") ?? 1) === 1;
}

function strategy(object: KubernetesObject): string {
  return object.kind === "Deployment" ? "strategy Recreate" : "a StatefulSet of one replica";
}

function differ(a: unknown, b: unknown): boolean {
  return unifiedDiff({ value: a ?? null }, { value: b ?? null }).text !== "";
}
