import { findContract } from "../contracts/contract";
import { isDefault } from "../contracts/values-faults";
import { type Chart, pinnedChart } from "../settings/chart-lock";
import type { Settings } from "../settings/settings";
import { mergeValues, refuseDecidedKeys } from "../settings/values";
import type { YamlMap } from "../settings/yaml-file";
import type { ApplicationRelease, ValuesContext } from "./application";
import { secretsByPods } from "./release-secrets";
import { refuseMovedService } from "./moved-service";
import { keptReleasesOf, releasesOf } from "./releases";

/**
 * The chart of a release, at the version that is pinned.
 *
 * @throws SettingsError when the lock does not have it
 */
export function chartOf({ charts }: Pick<Settings, "charts">, { application }: ApplicationRelease): Chart {
  return pinnedChart(charts, application.chart ?? application.name);
}

/** Everything that the values of a release are made of. */
export function valuesContext(settings: Settings, release: ApplicationRelease): ValuesContext {
  return {
    settings,
    release,
    releases: [
      ...releasesOf(settings.environment),
      // It finds those that went with it as it would again.
      ...(release.own.installed ? [] : keptReleasesOf(settings.environment)),
    ],
    files: settings.values(release.name),
    secrets: secretsByPods(settings.environment, release),
  };
}

/**
 * The values of a release: those of its files, and what the environment decides.
 *
 * @throws SettingsError when a file sets what the environment decides, or moves what others reach
 */
export function releaseValues(settings: Settings, release: ApplicationRelease): YamlMap {
  const context = valuesContext(settings, release);
  const { application } = release;
  const { name, version } = chartOf(settings, release);
  const contract = findContract(settings.root, name, version);
  refuseDecidedKeys(
    context.files,
    application.decided?.(context) ?? {},
    (path, value) => contract !== undefined && isDefault(contract, path, value),
  );
  refuseMovedService(release, context.files);
  return mergeValues([context.files.values, application.values(context)]);
}
