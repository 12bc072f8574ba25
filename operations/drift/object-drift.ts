import { isMap } from "../../settings/yaml-file";
import { fieldOwner } from "../cluster/field-owner";
import { type Fields, type KubernetesObject, title } from "../cluster/kubernetes-object";
import {
  type FieldDifference,
  fieldDifferences,
  fieldName,
  type LiveDifference,
} from "../diff/live-differences";
import type { Masker } from "../secrets/masking";
import { ownedByController } from "./controllers";
import { valueAt } from "./json-patch";

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
  const fields = fieldDifferences(wanted, live).filter(({ path }) => !ownedByController(live, path));
  return fields.length ? { deployed: wanted, live, fields } : undefined;
}

/** What is shown of it: no secret value. */
export function shownDrift({ deployed, live, fields }: ObjectDrift, masker: Masker): LiveDifference[] {
  const of = { object: title(deployed), namespace: deployed.metadata.namespace ?? "" };
  if (!live) return [{ ...of, field: "", deployed: "there", live: undefined }];
  const [was, is] = [masker.object(deployed), masker.object(live)];
  return fields.map(({ path, deployed: before, live: after }) => {
    const owner = fieldOwner(live, path);
    return {
      ...of,
      field: fieldName(path),
      deployed: before === undefined ? undefined : (valueAt(was, path) ?? "(hidden)"),
      live: after === undefined ? undefined : (valueAt(is, path) ?? "(hidden)"),
      ...(owner && { changedBy: owner.manager, changedAt: owner.time }),
    };
  });
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
