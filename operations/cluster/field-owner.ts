import { isMap } from "../../settings/yaml-file";
import { fieldAt, type Fields, type KubernetesObject, listAt } from "./kubernetes-object";

/** The way to a field of an object: keys, and places in lists. */
export type FieldPath = readonly (string | number)[];

/** Who set a field last, in the words of the API server. */
export interface FieldOwner {
  /** The program that set it, such as `kubectl-edit`. */
  readonly manager: string;
  /** When, ISO 8601, UTC. @default - the API server does not say */
  readonly time?: string;
}

/** Who set fields of an object, in the words of the API server: the oldest first, the fields as it writes them. */
export function fieldOwners(
  live: KubernetesObject,
): readonly (FieldOwner & { readonly fields: unknown; readonly subresource: unknown })[] {
  return listAt(live, "metadata", "managedFields")
    .map((entry) => ({
      manager: String(fieldAt(entry, "manager") ?? ""),
      time: fieldAt(entry, "time") as string | undefined,
      fields: fieldAt(entry, "fieldsV1"),
      subresource: fieldAt(entry, "subresource"),
    }))
    .filter(({ manager }) => manager !== "")
    .sort((a, b) => (a.time ?? "").localeCompare(b.time ?? ""));
}

/**
 * Who set a field of a live object last; for one that is gone, nobody.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function fieldOwner(live: KubernetesObject, path: FieldPath): FieldOwner | undefined {
  const owners = fieldOwners(live).filter(({ fields }) => owns(fields, live, path));
  const newest = owners.filter(({ time }) => time === owners.at(-1)?.time);
  // Times are whole seconds; of two in one, a deployer has set what somebody else then changed.
  const { manager, time } = newest.find((owner) => !isDeployer(owner.manager)) ?? newest[0] ?? {};
  return manager === undefined ? undefined : { manager, time };
}

function isDeployer(manager: string): boolean {
  return /^(helm|terraform|hashicorp)/i.test(manager);
}

function owns(fields: unknown, value: unknown, [step, ...rest]: FieldPath): boolean {
  if (!isMap(fields)) return false;
  // A list that is replaced as a whole has no fields below it.
  if (step === undefined || Object.keys(fields).length === 0) return true;
  const inner = fieldAt(value, step);
  if (typeof step === "string") return owns(fields[`f:${step}`], inner, rest);
  return Object.entries(fields).some(
    ([name, below]) =>
      name.startsWith("k:") &&
      Object.entries(JSON.parse(name.slice(2)) as Fields).every(
        ([key, own]) => fieldAt(inner, key) === own,
      ) &&
      owns(below, inner, rest),
  );
}
