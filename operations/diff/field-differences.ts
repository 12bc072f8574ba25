import { isMap } from "../../settings/yaml-file";
import { isDefault } from "../cluster/defaults";
import {
  type FieldOwner,
  fieldOwner,
  fieldOwners,
  type FieldPath,
  newestOwner,
  type OwnedFields,
  ownersBelow,
} from "../cluster/field-owner";
import { forgotten, isController, isDecisive, isDeployer, notes } from "../cluster/known-managers";
import { fieldAt, type Fields, type KubernetesObject } from "../cluster/kubernetes-object";
import { isNothing, sameValue } from "./same-value";

/** A field that differs. */
export interface FieldDifference {
  /** Such as `spec.replicas`. */
  readonly field: string;
  /** What was deployed; undefined where nothing was, and somebody added the field. */
  readonly deployed: unknown;
  /** What the cluster has; undefined where it has nothing. */
  readonly live: unknown;
  /** The way to it in the live object; an item that a list has no more is behind its last. */
  readonly path: FieldPath;
  /** The way to it in what was deployed. */
  readonly deployedPath: FieldPath;
  /** Who set it last. @default - not known */
  readonly owner?: FieldOwner;
}

/** Whether somebody added it: nothing was deployed there. */
export function isAdded({ deployed, live }: Pick<FieldDifference, "deployed" | "live">): boolean {
  return deployed === undefined && live !== undefined;
}

/** How an object was deployed. */
export interface DeployedHow {
  /** The object as revisions that failed would have had it. @default - none failed */
  readonly attempted?: readonly KubernetesObject[];
  /**
   * When the deploy had ended, ISO 8601, UTC: what a deployer set later, somebody else has set under its name.
   * @default - not known: the name is believed
   */
  readonly deployedUntil?: string;
}

/**
 * The fields of one object that are not as they were deployed.
 *
 * Of what the deployed manifest does not set, the fields are compared that belong to neither a deployer nor a controller: the
 * API server and these fill in the others. A deployer's are compared where a revision that failed set them, or where somebody
 * may have taken the name: after the deploy. Where nobody knows whose they are, those are that neither of these fills in.
 */
export function fieldDifferences(
  deployed: KubernetesObject,
  live: KubernetesObject,
  { attempted = [], deployedUntil }: DeployedHow = {},
): FieldDifference[] {
  // The API server answers in the version that it was asked in, and keeps the status itself.
  const { apiVersion, status, ...comparable } = deployed;
  const { apiVersion: served, status: reported, ...found } = live;
  void [apiVersion, status, served, reported];
  const owners = fieldOwners(live);
  const areKnown = owners.length > 0;
  const start = { path: [], deployedPath: [], field: "", owners, areKnown, attempted, deployedUntil };
  return differences(comparable, found, start)
    .map((difference) => {
      const owner = difference.owner ?? fieldOwner(live, difference.path);
      return { ...difference, field: difference.field.replace(/^\./, ""), ...(owner && { owner }) };
    })
    .filter(({ owner, path }) => !isController(owner?.manager ?? "", path));
}

/** Whether the API server no longer says who set what of an object: what was added to it is then not told from the rest. */
export function ownersForgotten(deployed: KubernetesObject, live: KubernetesObject): boolean {
  const { apiVersion, kind, metadata, status, ...fields } = deployed;
  void [apiVersion, kind, metadata, status];
  const owners = fieldOwners(live);
  const nobodys = ([key, value]: [string, unknown]): boolean =>
    !isNothing(value) && !isNothing(live[key]) && ownersBelow(owners, live, key).length === 0;
  return owners.some(({ manager }) => manager === forgotten) || Object.entries(fields).some(nobodys);
}

/** Where in both objects, and whose it is. */
interface Place
  extends Pick<FieldDifference, "path" | "deployedPath" | "field">, Pick<DeployedHow, "deployedUntil"> {
  readonly owners: readonly OwnedFields[];
  /** Whether the API server says of the object who owns its fields. */
  readonly areKnown: boolean;
  /** What revisions that failed set there. */
  readonly attempted: readonly unknown[];
}

function differences(deployed: unknown, live: unknown, at: Place): FieldDifference[] {
  if (deployed === undefined || deployed === null || (isEmptyList(deployed) && typeof live === "object")) {
    return added(live, at);
  }
  if (isMap(deployed) && isMap(live)) {
    const keys = [...Object.keys(deployed), ...Object.keys(live).filter((key) => !(key in deployed))];
    return keys.flatMap((key) => differences(deployed[key], live[key], below(at, live, key)));
  }
  if (Array.isArray(deployed) && Array.isArray(live)) {
    const key = mergeKey(deployed, live);
    if (key !== undefined || deployed.length === live.length) {
      const places = deployed.map((item: unknown, i) =>
        key === undefined
          ? i
          : live.findIndex((other: Fields) => sameValue(other[key], (item as Fields)[key])),
      );
      return [
        ...deployed.flatMap((item: unknown, i) => {
          const place = places[i] as number;
          const found = place < 0 ? live.length : place;
          return differences(item, live[found], below(at, live, found, i, item, key));
        }),
        ...live.flatMap((item: unknown, i) =>
          places.includes(i) ? [] : added(item, below(at, live, i, deployed.length, item, key)),
        ),
      ];
    }
  }
  if (sameValue(deployed, live)) return [];
  const { path, deployedPath, field } = at;
  return [{ path, deployedPath, field, deployed, live }];
}

/** What anybody may have a part of: each is looked at by itself. */
const byKey = ["annotations", "labels", "data", "finalizers"];

/** What somebody set where nothing was deployed: the highest fields in which nothing is a deployer's or a controller's. */
function added(live: unknown, at: Place): FieldDifference[] {
  const { path, deployedPath, field, owners, areKnown } = at;
  const name = String(path.filter((step) => typeof step === "string").at(-1));
  const isTold = isDecisive(path) || (path[0] === "data" && path.length > 1);
  const strangers = owners.filter((owner) =>
    owner.manager === forgotten ? isTold : !isDeployers(owner, at) && !isController(owner.manager, path),
  );
  const isSomebodys = strangers.length > 0 || (!areKnown && isTold);
  if (live === undefined || !isSomebodys || notes.includes(name) || isDefault(name, live)) return [];
  if (strangers.length === owners.length && !byKey.includes(name)) {
    return [{ path, deployedPath, field, deployed: undefined, live, owner: newestOwner(strangers) }];
  }
  if (isMap(live)) return Object.keys(live).flatMap((key) => added(live[key], below(at, live, key)));
  if (!Array.isArray(live)) return [];
  return live.flatMap((item: unknown, i) => added(item, below(at, live, i, undefined, item)));
}

/** Whether a deployer set it with what was deployed. */
function isDeployers(
  { manager, subresource, time = "" }: OwnedFields,
  { attempted, deployedUntil = time }: Place,
): boolean {
  return attempted.length === 0 && isDeployer(manager) && subresource === undefined && time <= deployedUntil;
}

/** One step down: the key of a mapping, or an item of a list, which is named by what tells it from the others. */
function below(
  { path, deployedPath, field, owners, attempted, ...object }: Place,
  live: unknown,
  step: string | number,
  deployedStep = step,
  item?: unknown,
  key = "name",
): Place {
  const label = String(fieldAt(item, key) ?? step);
  const name = typeof step === "number" ? `[${label}]` : /^[\w-]+$/.test(step) ? `.${step}` : `["${step}"]`;
  return {
    ...object,
    path: [...path, step],
    deployedPath: [...deployedPath, deployedStep],
    field: `${field}${name}`,
    owners: ownersBelow(owners, live, step),
    attempted: attempted.map((one) => same(one, step, item, key)).filter((one) => one !== undefined),
  };
}

/** The field of another object, or the item of its list that is told from the others by the same. */
function same(other: unknown, step: string | number, item: unknown, key: string): unknown {
  if (typeof step === "string") return fieldAt(other, step);
  if (!Array.isArray(other)) return undefined;
  const label = fieldAt(item, key);
  return other.find((one) =>
    label === undefined ? sameValue(one, item) : sameValue(fieldAt(one, key), label),
  );
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
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
