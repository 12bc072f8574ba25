import { valueSource } from "../../contracts/value-source";
import { keyOf, type KeyPath, type Place } from "../../settings/check";
import { isMap, valueAt, type YamlMap } from "../../settings/yaml-file";

/** Lists whose items have names, and what an item is. */
const named: readonly (readonly [list: string, item: string])[] = [
  ["endpoints.custom", "endpoint"],
  ["modelSpecs.list", "spec"],
];

/**
 * Where something of LibreChat's configuration stands: file and line, key, and the endpoint or the spec that it is of.
 *
 * @param root the repository, absolute
 * @param file of the configuration, relative to the repository
 * @param written what the file says
 * @param completed what is looked at, whose items stand elsewhere, and may be made of others
 * @param patternName of the endpoint that others are made of
 */
export function configPlace(
  root: string,
  file: string,
  written: YamlMap,
  completed: YamlMap,
  patternName: string,
): Place {
  const files = [{ file, values: written }];
  return (path) => {
    const [list, what] = named.find(([list]) => path.slice(0, 2).join(".") === list) ?? [];
    const item = list === undefined ? undefined : valueAt(completed, path.slice(0, 3));
    const name = isMap(item) && typeof item.name === "string" ? item.name : undefined;
    const at =
      name === undefined ? path : [...path.slice(0, 2), ...inFile(written, path, name), ...path.slice(3)];
    const of = name === undefined ? "" : ` (${what} ${name})`;
    return `${sourceOf(at)}: ${keyOf(at)}${of}`;
  };

  /** An item of the file itself, or the one that it was made of. */
  function inFile(values: YamlMap, path: KeyPath, name: string): KeyPath {
    const items = valueAt(values, path.slice(0, 2));
    const found = (wanted: string): number =>
      Array.isArray(items) ? items.findIndex((one) => isMap(one) && one.name === wanted) : -1;
    const index = found(name) >= 0 ? found(name) : found(patternName);
    return index >= 0 ? [index] : path.slice(2, 3);
  }

  /** The line of what is missing is that of what it is missing in. */
  function sourceOf(path: KeyPath): string {
    if (path.length === 0) return file;
    return valueSource(root, files, path) ?? sourceOf(path.slice(0, -1));
  }
}
