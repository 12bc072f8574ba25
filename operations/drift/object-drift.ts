import { isMap } from "../../settings/yaml-file";
import type { Fields, KubernetesObject } from "../cluster/kubernetes-object";
import type { JsonPatchOperation } from "../cluster/kubernetes-api";
import {
  type FieldDifference,
  fieldDifferences,
  type LiveDifference,
  liveDifferences,
} from "../diff/live-differences";
import type { Masker } from "../secrets/masking";
import { isController } from "./controllers";

/** One object of which something is not as it was deployed. */
export interface ObjectDrift {
  /** As it was deployed; unmasked. */
  readonly deployed: KubernetesObject;
  /** As it is; unmasked. @default - undefined where it is gone */
  readonly live?: KubernetesObject;
  /** Empty where it is gone. */
  readonly fields: readonly FieldDifference[];
}

/**
 * Compares one object with what was deployed: the fields that were set, without those that a controller owns by now.
 *
 * @returns undefined where nothing differs
 */
export function objectDrift(
  deployed: KubernetesObject,
  live: KubernetesObject | undefined,
): ObjectDrift | undefined {
  const wanted = encoded(deployed);
  if (!live) return { deployed: wanted, fields: [] };
  const fields = fieldDifferences(wanted, live).filter(({ owner }) => !isController(owner?.manager));
  return fields.length ? { deployed: wanted, live, fields } : undefined;
}

/** What is shown of it: no secret value. */
export function shownDrift({ deployed, live }: ObjectDrift, masker: Masker): LiveDifference[] {
  const found = liveDifferences(masker.object(deployed), live && masker.object(live));
  return found.filter(({ changedBy }) => !isController(changedBy));
}

/**
 * The patch that puts exactly the fields back that differ. It is refused where the object has changed since it was read.
 *
 * @see https://datatracker.ietf.org/doc/html/rfc6902
 */
export function patchBack(live: KubernetesObject, fields: readonly FieldDifference[]): JsonPatchOperation[] {
  const { resourceVersion } = live.metadata;
  return [
    { op: "test", path: "/metadata/resourceVersion", value: resourceVersion },
    ...fields.map(({ path, deployed, live: current }) => ({
      op: current === undefined ? ("add" as const) : ("replace" as const),
      path: path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join(""),
      value: deployed,
    })),
  ];
}

/** A Secret as the API server keeps it: what is written in clear is encoded. */
function encoded(object: KubernetesObject): KubernetesObject {
  const { stringData, ...rest } = object;
  if (object.kind !== "Secret" || !isMap(stringData)) return object;
  const data = Object.entries(stringData).map(
    ([key, value]) => [key, Buffer.from(String(value ?? "")).toString("base64")] as const,
  );
  return { ...rest, data: { ...(rest.data as Fields | undefined), ...Object.fromEntries(data) } };
}
