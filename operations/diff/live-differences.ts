import { isMap } from "../../settings/yaml-file";
import { type FieldOwner, fieldOwner, type FieldPath } from "../cluster/field-owner";
import { type Fields, type KubernetesObject, title } from "../cluster/kubernetes-object";
import { isNothing, sameValue } from "./same-value";

/** One field that is not in the cluster as it was deployed. */
export interface LiveDifference {
  /** Such as `Deployment/chat`. */
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
 * What of an object differs in the cluster from what was deployed: somebody else's edit. Both must be masked.
 *
 * @param live undefined where it is gone
 */
export function liveDifferences(
  deployed: KubernetesObject,
  live: KubernetesObject | undefined,
): LiveDifference[] {
  const of = { object: title(deployed), namespace: deployed.metadata.namespace ?? "" };
  if (!live) return [{ ...of, field: "", deployed: "there", live: undefined }];
  return fieldDifferences(deployed, live).map(({ field, deployed, live, owner }) => ({
    ...of,
    field,
    deployed,
    live,
    ...(owner && { changedBy: owner.manager, changedAt: owner.time }),
  }));
}

/** A field that differs. */
export interface FieldDifference extends Pick<LiveDifference, "field" | "deployed" | "live"> {
  /** The way to it in the live object; an item that a list has no more is behind its last. */
  readonly path: FieldPath;
  /** Who set it last. @default - not known */
  readonly owner?: FieldOwner;
}

/**
 * The fields of one object that are not as they were deployed.
 *
 * Only the fields that the deployed manifest sets are compared: the API server and its controllers fill in the others.
 */
export function fieldDifferences(deployed: KubernetesObject, live: KubernetesObject): FieldDifference[] {
  // The API server answers in the version that it was asked in, and keeps the status itself.
  const { apiVersion, status, ...comparable } = deployed;
  void [apiVersion, status];
  return differences(comparable, live).map((found) => {
    const owner = fieldOwner(live, found.path);
    return { ...found, field: found.field.replace(/^\./, ""), ...(owner && { owner }) };
  });
}

function differences(
  deployed: unknown,
  live: unknown,
  path: FieldPath = [],
  field = "",
): Omit<FieldDifference, "owner">[] {
  if (isNothing(deployed) && isNothing(live)) return [];
  if (isMap(deployed) && isMap(live)) {
    return Object.entries(deployed).flatMap(([key, value]) => {
      const name = /^[\w-]+$/.test(key) ? `.${key}` : `["${key}"]`;
      // What a manifest leaves empty is for the API server to fill in.
      return value === null ? [] : differences(value, live[key], [...path, key], `${field}${name}`);
    });
  }
  if (Array.isArray(deployed) && Array.isArray(live)) {
    const key = mergeKey(deployed, live);
    if (key !== undefined || deployed.length === live.length) {
      return deployed.flatMap((item: unknown, i) => {
        const value = key === undefined ? i : (item as Fields)[key];
        const found = key === undefined ? i : live.findIndex((other: Fields) => sameValue(other[key], value));
        const at = found < 0 ? live.length : found;
        return differences(item, live[at], [...path, at], `${field}[${String(value)}]`);
      });
    }
  }
  if (sameValue(deployed, live)) return [];
  // An empty mapping that the API server fills with defaults.
  if (isMap(deployed) && Object.keys(deployed).length === 0) return [];
  return [{ path, field, deployed, live }];
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
