import { isDeepStrictEqual } from "node:util";
import { isMap, type YamlMap } from "../../settings/yaml-file";

/** What must be merged onto `base` to get `whole`: what a person keeps in a second values file. */
export function valuesRemainder(whole: YamlMap, base: YamlMap): YamlMap {
  const remainder: YamlMap = {};
  for (const [key, value] of Object.entries(whole)) {
    const below = base[key];
    if (isDeepStrictEqual(value, below)) continue;
    remainder[key] = isMap(value) && isMap(below) ? valuesRemainder(value, below) : value;
  }
  // Helm takes null for: not this one.
  for (const key of Object.keys(base)) if (!(key in whole)) remainder[key] = null;
  return remainder;
}
