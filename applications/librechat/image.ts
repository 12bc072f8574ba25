import { loadContract } from "../../contracts/contract-file";
import { valueSource } from "../../contracts/value-source";
import { type Chart, lockFile } from "../../settings/chart-lock";
import { SettingsError } from "../../settings/settings-error";
import type { ApplicationValues } from "../../settings/values";

/** The image of LibreChat that is deployed. */
export interface LibrechatImage {
  /** As a container names it, such as `registry.librechat.ai/danny-avila/librechat:v0.8.7`. */
  readonly reference: string;
  readonly tag: string;
  /** Where the tag stands, such as `values/librechat.yaml:6: image.tag`. */
  readonly tagSource: string;
}

/**
 * The image that the chart makes of the values and of its own defaults.
 *
 * @param root the repository, absolute
 * @throws SettingsError when the chart has no contract, which knows its defaults, or its registry is empty
 */
export function librechatImage(
  root: string,
  chart: Chart,
  { values, files }: ApplicationValues,
): LibrechatImage {
  const { keys, appVersion } = loadContract(root, chart.name, chart.version);
  const set = (values.image ?? {}) as { readonly [key: string]: unknown };
  const part = (key: string): string => String(set[key] ?? keys[`image.${key}`]?.default ?? "");
  const tag = part("tag") || appVersion;
  if (part("registry") === "") {
    throw new SettingsError(
      `${valueSource(root, files, ["image", "registry"])}: image.registry: is empty, and the chart puts / behind it: name the registry, or remove it for ${String(keys["image.registry"]?.default)}`,
    );
  }
  const source = set.tag ? valueSource(root, files, ["image", "tag"]) : undefined;
  return {
    reference: `${part("registry")}/${part("repository")}:${tag}`,
    // Behind it may stand a digest.
    tag: tag.replace(/@.*/, ""),
    tagSource: source ? `${source}: image.tag` : `${lockFile}: ${chart.name}.appVersion`,
  };
}
