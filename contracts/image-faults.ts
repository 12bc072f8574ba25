import { isMap, valueAt, type YamlMap } from "../settings/yaml-file";
import type { Contract } from "./contract";
import { joinPath, splitPath } from "./value-path";

/** A part of an image's name that holds more than that part. */
export interface ImageFault {
  readonly path: readonly string[];
  readonly found: string;
  readonly reason: string;
}

/**
 * Finds names of images that would hold a part twice: charts put `registry`, `repository` and `tag` together, and what a repository
 * brings of the others stands there beside them.
 *
 * @see https://github.com/distribution/reference/blob/main/normalize.go what of a name is a registry
 */
export function imageFaults(contract: Contract, values: YamlMap): ImageFault[] {
  return [...maps(values)].flatMap(([path, map]) =>
    (["registry", "repository"] as const).flatMap((part): ImageFault[] => {
      const found = map[part];
      const beside = (name: string): string => [...path, name].reduce(joinPath, "");
      const known = contract.keys[beside(part)];
      if (typeof found !== "string" || known === undefined || found === known.default) return [];
      const reason = (part === "registry" ? ofRegistry : ofRepository)(found, {
        knows: (name) => beside(name) in contract.keys,
        title: beside,
        registry: () => effectiveRegistry(contract, values, beside("registry")),
      });
      return reason === undefined ? [] : [{ path: [...path, part], found, reason }];
    }),
  );
}

/** What stands beside a part of a name. */
interface Beside {
  /** Whether the chart has such a key beside it. */
  readonly knows: (name: string) => boolean;
  /** The whole key. */
  readonly title: (name: string) => string;
  readonly registry: () => string;
}

function ofRegistry(found: string, { knows }: Beside): string | undefined {
  if (!knows("repository") || !/:\/\/|\/$/.test(found)) return undefined;
  return "is put before a repository as it is: write the host alone, without https:// and without / at its end";
}

function ofRepository(found: string, { knows, title, registry }: Beside): string | undefined {
  const [, host, rest] = /^([^/]*[.:][^/]*|localhost)\/(.+)$/.exec(found) ?? [];
  const before = knows("registry") ? registry() : "";
  if (before && host !== undefined) {
    return `stands behind the registry ${before} of ${title("registry")}, so that there would be two: write ${rest} here, and ${host} there`;
  }
  if (!knows("tag") || !/(:[^/:@]+|@.+)$/.test(found)) return undefined;
  return `has a tag in it, before that of ${title("tag")}: write it there`;
}

/** What is set, else the chart's default; before both, that of all images. */
function effectiveRegistry(contract: Contract, values: YamlMap, key: string): string {
  const global = valueAt(values, ["global", "imageRegistry"]);
  const set = (typeof global === "string" && global) || valueAt(values, splitPath(key));
  const value = set ?? contract.keys[key]?.default;
  return typeof value === "string" ? value : "";
}

function* maps(map: YamlMap, path: readonly string[] = []): Generator<[readonly string[], YamlMap]> {
  yield [path, map];
  for (const [key, value] of Object.entries(map)) if (isMap(value)) yield* maps(value, [...path, key]);
}
