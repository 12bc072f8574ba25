import { isMap, type YamlMap } from "../settings/yaml-file";
import type { Fault, Place } from "./rule";

/** One key of a tree of maps and lists. */
export interface Entry {
  readonly path: readonly (string | number)[];
  readonly key: string;
  readonly value: unknown;
  /** The map that has the key. */
  readonly siblings: YamlMap;
}

/** Every key of every map in it, however deep. CDKTF's own notes are left out. */
export function entries(value: unknown, path: readonly (string | number)[] = []): Entry[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => entries(item, [...path, i]));
  if (!isMap(value)) return [];
  return Object.entries(value)
    .filter(([key]) => key !== "//")
    .flatMap(([key, inner]) => [
      { path: [...path, key], key, value: inner, siblings: value },
      ...entries(inner, [...path, key]),
    ]);
}

/** What is wrong with the keys of a tree, each at its place. */
export function faultsIn(
  tree: unknown,
  place: Place,
  faultOf: (entry: Entry) => string | undefined,
): Fault[] {
  return entries(tree).flatMap((entry) => {
    const text = faultOf(entry);
    return text === undefined ? [] : [{ place: place(entry.path), text }];
  });
}

/** A block of Terraform, which is a map or a list of them. */
export function block(value: unknown): YamlMap {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return isMap(first) ? first : {};
}
