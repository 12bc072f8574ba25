import * as yaml from "js-yaml";
import { helmYaml } from "../../settings/helm-yaml";
import { isMap, valueAt } from "../../settings/yaml-file";
import { OperationError } from "../errors/operation-error";

/** One object of Kubernetes, as a chart renders it or the API server answers it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** A mapping whose keys are not known. */
export type Fields = { readonly [field: string]: unknown };

/** {@link valueAt}, its path as arguments. */
export function fieldAt(value: unknown, ...path: readonly (string | number)[]): unknown {
  return valueAt(value, path);
}

/** The list at a path of keys; empty where there is none. */
export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = fieldAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/**
 * Reads the documents of a manifest.
 *
 * @param namespace of the release: objects that name none are in it
 * @throws OperationError without a word of what the manifest holds, which may be secret
 */
export function parseManifest(manifest: string, namespace: string): KubernetesObject[] {
  return documents(manifest)
    .flatMap((content) => (fieldAt(content, "kind") === "List" ? listAt(content, "items") : [content]))
    .filter((content): content is KubernetesObject => isMap(content) && isMap(content.metadata))
    .map((object) => ({
      ...object,
      metadata: { ...object.metadata, namespace: object.metadata.namespace ?? namespace },
    }));
}

function documents(manifest: string): unknown[] {
  try {
    return yaml.loadAll(manifest, undefined, { schema: helmYaml });
  } catch (error) {
    if (!(error instanceof yaml.YAMLException)) throw error;
    throw new OperationError(
      `a rendered manifest is not YAML in line ${(error.mark?.line ?? 0) + 1}: look at it with helm template`,
    );
  }
}

/**
 * What makes two objects the same one: kind, namespace and name, and the group without its version, as in Helm. An object
 * that moves from v1beta1 to v1 is changed, not replaced.
 */
export function identity({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  return [group, kind, metadata.namespace ?? "", metadata.name].join("/");
}

/** An object in words, such as `Deployment/chat`. */
export function title({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.name}`;
}

/** One object before and after; either is missing where it is made or goes. */
export interface ObjectPair {
  /** As it was. @default - undefined where it is new */
  readonly old?: KubernetesObject;
  /** As it is. @default - undefined where it is gone */
  readonly new?: KubernetesObject;
}

/** Pairs the objects of two manifests, in the order of the new one, those that go at the end. */
export function pairObjects(
  old: readonly KubernetesObject[],
  planned: readonly KubernetesObject[],
): ObjectPair[] {
  return paired(old, planned, identity);
}

/** Pairs what has the same key on both sides, in the order of the new one, those that go at the end. */
export function paired<Item>(
  old: readonly Item[],
  planned: readonly Item[],
  key: (item: Item) => string,
): { readonly old?: Item; readonly new?: Item }[] {
  const before = new Map(old.map((item) => [key(item), item]));
  const after = new Set(planned.map(key));
  return [
    ...planned.map((item) => ({ old: before.get(key(item)), new: item })),
    ...old.filter((item) => !after.has(key(item))).map((item) => ({ old: item })),
  ];
}
