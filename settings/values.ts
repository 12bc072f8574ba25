import * as fs from "node:fs";
import * as path from "node:path";
import { SettingsError } from "./settings-error";
import { readYamlFile, type YamlMap } from "./yaml-file";

/** The values of an application, and the files they came from, the last one winning. */
export interface ApplicationValues {
  readonly values: YamlMap;
  readonly files: readonly string[];
}

/**
 * Reads `values/APP.yaml` and, where there is one, the overlay `values/APP.ENVIRONMENT.yaml`.
 *
 * @throws SettingsError when the first is missing, or either is not a YAML mapping
 */
export function loadValues(root: string, application: string, environment: string): ApplicationValues {
  const base = `values/${application}.yaml`;
  const overlay = `values/${application}.${environment}.yaml`;
  const files = fs.existsSync(path.join(root, overlay)) ? [base, overlay] : [base];
  return { values: mergeValues(files.map((file) => readYamlFile(root, file))), files };
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

/**
 * Refuses a key that the platform decides from the environment: set in a values file, it would be silently replaced.
 *
 * @param decided path of the key or of the mapping above it → where it is decided instead
 * @throws SettingsError with one line a key
 */
export function refuseDecidedKeys(
  { values, files }: ApplicationValues,
  decided: { readonly [path: string]: string },
): void {
  const faults = Object.entries(decided)
    .filter(([key]) => valueAt(values, key) !== undefined)
    .map(([key, where]) => `${files.join(" or ")}: ${key}: is decided by ${where}: remove it here`);
  if (faults.length) throw new SettingsError(faults.join("\n"));
}

function valueAt(values: YamlMap, key: string): unknown {
  return key.split(".").reduce<unknown>((at, part) => (isMap(at) ? at[part] : undefined), values);
}

function isMap(value: unknown): value is YamlMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
