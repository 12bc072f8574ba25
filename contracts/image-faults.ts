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
    (["imageRegistry", "registry", "repository"] as const).flatMap((part): ImageFault[] => {
      const found = map[part];
      if (typeof found !== "string") return [];
      const beside = (name: string): string => [...path, name].reduce(joinPath, "");
      const known = contract.keys[beside(part)];
      if (known === undefined || found === known.default) return [];
      const reason = (part === "repository" ? ofRepository : ofRegistry)(found, {
        knows: (name) => Object.hasOwn(contract.keys, beside(name)),
        title: beside,
        registry: () => effectiveRegistry(contract, values, path),
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
  readonly registry: () => { readonly key: string; readonly value: string };
}

function ofRegistry(found: string, { knows }: Beside): string | undefined {
  if (!(knows("repository") || knows("imageRegistry")) || !/:\/\/|\/$/.test(found)) return undefined;
  return "is put before a repository as it is: write the host alone, without https:// and without / at its end";
}

function ofRepository(found: string, { knows, title, registry }: Beside): string | undefined {
  const [, host, rest = found] = /^([^/]*[.:][^/]*|localhost)\/(.+)$/.exec(found) ?? [];
  const before = knows("registry") ? registry() : { key: "", value: "" };
  const [, name = rest, tag] = (knows("tag") && /^(.+?)(?::([^/:@]+)|@.+)$/.exec(rest)) || [];
  const isTagged = name !== rest;
  if (before.value && host !== undefined) {
    const more = isTagged
      ? `, and ${tag ?? "the digest"} to ${title(tag || !knows("digest") ? "tag" : "digest")}`
      : "";
    return `stands behind the registry ${before.value} of ${before.key}, so that there would be two: write ${name} here, and ${host} there${more}`;
  }
  return isTagged ? `has a tag in it, before that of ${title("tag")}: write it there` : undefined;
}

/**
 * What is set, else the chart's default. In Bitnami's charts, which have names of Secrets to pull for each image, one for all images
 * goes before both.
 */
function effectiveRegistry(
  contract: Contract,
  values: YamlMap,
  path: readonly string[],
): { readonly key: string; readonly value: string } {
  const key = [...path, "registry"].reduce(joinPath, "");
  const isBitnamis = Object.hasOwn(contract.keys, [...path, "pullSecrets"].reduce(joinPath, ""));
  const global = ["global", "imageRegistry"];
  const forAll = isBitnamis && [global, [path[0] ?? "", ...global]].find((one) => valueAt(values, one));
  if (forAll) return { key: forAll.join("."), value: String(valueAt(values, forAll)) };
  const value = valueAt(values, splitPath(key)) ?? contract.keys[key]?.default;
  return { key, value: typeof value === "string" ? value : "" };
}

function* maps(map: YamlMap, path: readonly string[] = []): Generator<[readonly string[], YamlMap]> {
  yield [path, map];
  for (const [key, value] of Object.entries(map)) if (isMap(value)) yield* maps(value, [...path, key]);
}
