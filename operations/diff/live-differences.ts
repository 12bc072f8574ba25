import { isMap } from "../../settings/yaml-file";
import { type FieldPath, fieldOwner } from "../cluster/field-owner";
import { type Fields, identity, type KubernetesObject, title } from "../cluster/kubernetes-object";
import { isNothing, sameValue } from "./same-value";

/** One field that is not in the cluster as it was deployed. */
export interface LiveDifference {
  /** Such as `Deployment/ollama`. */
  readonly object: string;
  readonly namespace: string;
  /** Such as `spec.replicas`; empty where the whole object is gone. */
  readonly field: string;
  /** What the last deployed revision says. */
  readonly deployed: unknown;
  /** What the cluster has; undefined where it has nothing. */
  readonly live: unknown;
  /** Who set it, as the API server has it: `kubectl-edit`, `kube-controller-manager`, … @default - undefined where it does not say */
  readonly changedBy?: string;
  /** @default - undefined where the API server does not say */
  readonly changedAt?: string;
}

/**
 * What differs in the cluster from what was deployed: somebody else's edit.
 *
 * Only the fields that the deployed manifest sets are compared: the API server and its controllers fill in the others.
 * All objects must be masked.
 */
export function liveDifferences(
  deployed: readonly KubernetesObject[],
  live: readonly KubernetesObject[],
): LiveDifference[] {
  const found = new Map(live.map((object) => [identity(object), object]));
  return deployed.flatMap((object): LiveDifference[] => {
    const of = { object: title(object), namespace: object.metadata.namespace ?? "" };
    const current = found.get(identity(object));
    if (!current) return [{ ...of, field: "", deployed: "there", live: undefined }];
    return fieldDifferences(object, current).map(({ path, deployed, live }) => {
      const owner = fieldOwner(current, path);
      return {
        ...of,
        field: fieldName(path),
        deployed,
        live,
        ...(owner && { changedBy: owner.manager, changedAt: owner.time }),
      };
    });
  });
}

/** A field that differs, and the way to it. */
export interface FieldDifference {
  readonly path: FieldPath;
  readonly deployed: unknown;
  readonly live: unknown;
}

/** The API server answers in the version that it was asked in, and keeps the status itself. */
function comparable(object: KubernetesObject): Fields {
  return Object.fromEntries(
    Object.entries(object).filter(([key]) => key !== "apiVersion" && key !== "status"),
  );
}

/** The fields of one object that are not as they were deployed. */
export function fieldDifferences(deployed: KubernetesObject, live: KubernetesObject): FieldDifference[] {
  return differences(comparable(deployed), live);
}

function differences(deployed: unknown, live: unknown, path: FieldPath = []): FieldDifference[] {
  if (isNothing(deployed) && isNothing(live)) return [];
  if (isMap(deployed) && isMap(live)) {
    return Object.entries(deployed).flatMap(([key, value]) =>
      // What a manifest leaves empty is for the API server to fill in.
      value === null ? [] : differences(value, live[key], [...path, { key }]),
    );
  }
  if (Array.isArray(deployed) && Array.isArray(live)) return listDifferences(deployed, live, path);
  if (sameValue(deployed, live)) return [];
  // An empty mapping that the API server fills with defaults.
  if (isMap(deployed) && Object.keys(deployed).length === 0) return [];
  return [{ path, deployed, live }];
}

function listDifferences(
  deployed: readonly unknown[],
  live: readonly unknown[],
  path: FieldPath,
): FieldDifference[] {
  const key = mergeKey(deployed, live);
  if (key) {
    return deployed.flatMap((item) => {
      const value = (item as Fields)[key];
      const other = live.find((candidate) => sameValue((candidate as Fields)[key], value));
      return differences(item, other, [...path, { item: { [key]: value } as Fields, live: other }]);
    });
  }
  if (deployed.length !== live.length) return [{ path, deployed, live }];
  return deployed.flatMap((item, index) =>
    differences(item, live[index], [...path, { index, live: live[index] }]),
  );
}

/** The field by which Kubernetes tells the items of a list apart, as far as it is there and unambiguous. */
function mergeKey(deployed: readonly unknown[], live: readonly unknown[]): string | undefined {
  return ["name", "containerPort", "mountPath", "port", "ip", "topologyKey", "key"].find((key) =>
    [deployed, live].every(
      (items) =>
        items.every((item) => isMap(item) && item[key] !== undefined) &&
        new Set(items.map((item) => (item as Fields)[key])).size === items.length,
    ),
  );
}

/** A field in words, such as `spec.containers[ollama].image`. */
export function fieldName(path: FieldPath): string {
  return path
    .map((step) => {
      if ("key" in step) return /^[\w-]+$/.test(step.key) ? `.${step.key}` : `["${step.key}"]`;
      return "index" in step ? `[${step.index}]` : `[${Object.values(step.item).join()}]`;
    })
    .join("")
    .replace(/^\./, "");
}
