import * as fs from "node:fs";
import * as path from "node:path";
import { keyOf, type KeyPath } from "./check";
import { SettingsError } from "./settings-error";
import { isMap, readYamlFile, valueAt, type YamlMap } from "./yaml-file";

/** The values of an application. */
export interface ApplicationValues {
  /** Of all files, merged. */
  readonly values: YamlMap;
  /** The files they came from, the last one winning. */
  readonly files: readonly ValuesFile[];
}

export interface ValuesFile {
  /** Relative to the repository. */
  readonly file: string;
  readonly values: YamlMap;
}

/** The files of a name, relative to the repository; the last one wins. @param environment with its overlay */
export function valuesFiles(name: string, environment?: string): string[] {
  return [
    `values/${name}.yaml`,
    ...(environment === undefined ? [] : [`values/${name}.${environment}.yaml`]),
  ];
}

/**
 * Reads `values/NAME.yaml` and, where there is one, the overlay `values/NAME.ENVIRONMENT.yaml`, of each name.
 *
 * @param names of the application and, where it is another one, of the release: the first must have a file
 * @throws SettingsError when the first is missing, or one is not a YAML mapping
 */
export function loadValues(root: string, names: readonly string[], environment: string): ApplicationValues {
  const found = names
    .flatMap((name) => valuesFiles(name, environment))
    .filter((file, index) => index === 0 || fs.existsSync(path.join(root, file)));
  const files = found.map((file) => ({ file, values: readYamlFile(root, file) }));
  return { values: mergeValues(files.map(({ values }) => values)), files };
}

/** Merges as Helm does: mappings key by key, everything else (lists too) is replaced, null removes the chart's default. */
export function mergeValues(layers: readonly YamlMap[]): YamlMap {
  return layers.reduce<YamlMap>((merged, layer) => {
    const result = { ...merged };
    for (const [key, value] of Object.entries(layer)) {
      const below = result[key];
      result[key] = isMap(below) && isMap(value) ? mergeValues([below, value]) : value;
    }
    return result;
  }, {});
}

/** A list of a values file, and our own items: merging would replace it. What is no list is left to the check. */
export function appended<Item>(found: unknown, own: Item[]): Item[] {
  if (found === undefined || found === null) return own;
  return Array.isArray(found) ? [...(found as Item[]), ...own] : (found as Item[]);
}

/**
 * Refuses a key that the platform decides from the environment: set in a values file, it would be silently replaced.
 *
 * @param decided path of the key or of the mapping above it → where it is decided instead; of a list of variables, which have names,
 * the name is a key
 * @param place what a message begins with. @default - the file and the key
 * @param saysNothing whether a value at a path is what the chart has anyway. @default - none is
 * @throws SettingsError with one line a key
 */
export function refuseDecidedKeys(
  { files }: Pick<ApplicationValues, "files">,
  decided: { readonly [path: string]: string },
  {
    place,
    saysNothing = () => false,
  }: {
    readonly place?: (key: KeyPath, file: ValuesFile) => string;
    readonly saysNothing?: (path: readonly string[], value: unknown) => boolean;
  } = {},
): void {
  const faults = files.flatMap((from) => {
    const { file, values } = from;
    const found = new Map<string, { key: readonly string[]; by: string[] }>();
    for (const [path, where] of Object.entries(decided)) {
      const key = keySet(values, path.split("."));
      const value = valueAt(values, key);
      if (!key.length || (value !== undefined && saysNothing(key, value))) continue;
      const known = found.get(key.join(".")) ?? { key, by: [] };
      found.set(key.join("."), { key, by: [...new Set([...known.by, where])] });
    }
    return [...found.values()].map(
      ({ key, by }) =>
        `${place?.(key, from) ?? `${file}: ${keyOf(key)}`}: is decided by ${by.join(", and by ")}: remove it here`,
    );
  });
  if (faults.length) throw new SettingsError([...new Set(faults)].join("\n"));
}

/** The path, cut where a list or the like stands in its way (it would be replaced as well); empty where nothing is set. */
function keySet(values: YamlMap, [part = "", ...rest]: string[]): string[] {
  const value = values[part];
  if (value === undefined) return [];
  const [name = ""] = rest;
  // Variables of a container.
  if (Array.isArray(value) && /env(vars)?$/i.test(part)) {
    return value.some((item) => isMap(item) && item.name === name) ? [part, name] : [];
  }
  if (rest.length === 0 || !isMap(value)) return [part];
  const below = keySet(value, rest);
  return below.length ? [part, ...below] : [];
}
