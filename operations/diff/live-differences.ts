import { isMap, valueAt } from "../../settings/yaml-file";
import { type Fields, type KubernetesObject, title } from "../cluster/kubernetes-object";
import type { Masker } from "../secrets/masking";
import { type DeployedHow, type FieldDifference, fieldDifferences } from "./field-differences";

/** One field that is not in the cluster as it was deployed, without a secret value. */
export interface LiveDifference {
  /** Such as `Deployment/chat`. */
  readonly object: string;
  readonly namespace: string;
  /** Such as `spec.replicas`; empty where the whole object is gone. */
  readonly field: string;
  /** What the last deployed revision says; undefined where it says nothing, and somebody added the field. */
  readonly deployed: unknown;
  /** What the cluster has; undefined where it has nothing. */
  readonly live: unknown;
  /** Who set it, as the API server has it: `kubectl-edit`, `kubectl-patch`, … @default - undefined where it does not say */
  readonly changedBy?: string;
  /** @default - undefined where the API server does not say */
  readonly changedAt?: string;
}

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
 * Compares one object with what was deployed: the fields that were set, without those that a controller owns by now, and the
 * fields that were added.
 *
 * @returns undefined where nothing differs
 */
export function objectDrift(
  deployed: KubernetesObject,
  live: KubernetesObject | undefined,
  { attempted = [], ...how }: DeployedHow = {},
): ObjectDrift | undefined {
  const wanted = encoded(deployed);
  if (!live) return { deployed: wanted, fields: [] };
  const fields = fieldDifferences(wanted, live, { ...how, attempted: attempted.map(encoded) });
  return fields.length ? { deployed: wanted, live, fields } : undefined;
}

/** What is shown of it: no secret value, and two sides that differ. */
export function shownDrift({ deployed, live, fields }: ObjectDrift, masker: Masker): LiveDifference[] {
  const of = { object: title(deployed), namespace: deployed.metadata.namespace ?? "" };
  const [wanted, found] = [masker.object(deployed), live && masker.object(live)];
  if (!found) return [{ ...of, field: "", deployed: "there", live: undefined }];
  return fields.map(({ field, path, deployedPath, owner, ...raw }) => {
    const shown = masker.everywhere({
      deployed: raw.deployed === undefined ? undefined : valueAt(wanted, deployedPath),
      live: valueAt(found, path),
    });
    // What is hidden alike, such as a text with a secret that is written in another way, or a note that repeats the object.
    const alike = JSON.stringify(shown.deployed) === JSON.stringify(shown.live);
    const hidden = (value: unknown) => (value === undefined ? value : masker.hash(JSON.stringify(value)));
    const sides = alike ? { deployed: hidden(raw.deployed), live: hidden(raw.live) } : shown;
    return { ...of, field, ...sides, ...(owner && { changedBy: owner.manager, changedAt: owner.time }) };
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
