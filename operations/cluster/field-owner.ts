import { isMap } from "../../settings/yaml-file";
import { fieldAt, type Fields, type KubernetesObject, listAt } from "./kubernetes-object";
import { isDeployer } from "./known-managers";

/** The way to a field of an object: keys, and places in lists. */
export type FieldPath = readonly (string | number)[];

/** Who set a field last, in the words of the API server. */
export interface FieldOwner {
  /** The program that set it, such as `kubectl-edit`. */
  readonly manager: string;
  /** When, ISO 8601, UTC. @default - the API server does not say */
  readonly time?: string;
}

/** What somebody set of an object, or of a field of it. */
export interface OwnedFields extends FieldOwner {
  /** As the API server writes them: `f:` before a key, `k:` before what tells an item of a list, `v:` before one itself. */
  readonly fields: unknown;
  /** Such as `status`. @default - undefined where the object itself was written */
  readonly subresource: unknown;
}

/** Who set fields of an object, in the words of the API server: the oldest first. */
export function fieldOwners(live: KubernetesObject): readonly OwnedFields[] {
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
  let [owners, value]: [readonly OwnedFields[], unknown] = [fieldOwners(live), live];
  for (const step of path) {
    owners = ownersBelow(owners, value, step);
    value = fieldAt(value, step);
  }
  return newestOwner(owners);
}

/** The last of some owners. */
export function newestOwner(owners: readonly OwnedFields[]): FieldOwner | undefined {
  const newest = owners.filter(({ time }) => time === owners.at(-1)?.time);
  // Times are whole seconds; of two in one, a deployer has set what somebody else then changed.
  const { manager, time } = newest.find((owner) => !isDeployer(owner.manager)) ?? newest[0] ?? {};
  return manager === undefined ? undefined : { manager, time };
}

/**
 * Whose a field is, of the owners of what it is in.
 *
 * @param value what it is in: a mapping or a list
 * @param step the field's key, or its place in the list
 */
export function ownersBelow(
  owners: readonly OwnedFields[],
  value: unknown,
  step: string | number,
): readonly OwnedFields[] {
  // What is replaced as a whole has no fields below it; where anybody has some, the others own the empty value alone.
  if (owners.every(({ fields }) => isMap(fields) && Object.keys(fields).length === 0)) return owners;
  return owners.flatMap((owner) => {
    const fields = fieldsBelow(owner.fields, value, step);
    return fields === undefined ? [] : [{ ...owner, fields }];
  });
}

function fieldsBelow(fields: unknown, value: unknown, step: string | number): unknown {
  if (!isMap(fields)) return undefined;
  if (typeof step === "string") return fields[`f:${step}`];
  const item = fieldAt(value, step);
  return Object.entries(fields).find(([name]) => isItem(name, item))?.[1];
}

function isItem(name: string, item: unknown): boolean {
  const [mark, text] = [name.slice(0, 2), name.slice(2)];
  if (mark === "v:") return JSON.parse(text) === item;
  if (mark !== "k:") return false;
  return Object.entries(JSON.parse(text) as Fields).every(([key, own]) => fieldAt(item, key) === own);
}
