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
export function entries(value: unknown): Entry[] {
  const found: Entry[] = [];
  const look = (value: unknown, above: Entry["path"]): void => {
    if (Array.isArray(value)) value.forEach((item, i) => look(item, [...above, i]));
    else if (isMap(value)) {
      for (const [key, inner] of Object.entries(value)) {
        if (key === "//") continue;
        const path = [...above, key];
        found.push({ path, key, value: inner, siblings: value });
        look(inner, path);
      }
    }
  };
  look(value, []);
  return found;
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
