import { valuePlace } from "../contracts/value-source";
import { findContract } from "../contracts/contract-file";
import { isDefault } from "../contracts/values-faults";
import { type Chart, pinnedChart } from "../settings/chart-lock";
import type { Settings } from "../settings/settings";
import { faultsOf, SettingsError, together } from "../settings/settings-error";
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

/** The values of a release, as far as they are known, and what is wrong with them. */
export interface FoundValues {
  readonly values: YamlMap;
  /** Whether all of them are known: what is wrong may keep some from being made. */
  readonly isComplete: boolean;
  /** A line each. */
  readonly faults: readonly string[];
}

/**
 * The values of a release: those of its files, and what the environment decides. What a file sets that the environment decides, or
 * that moves what others reach, is a fault.
 */
export function findValues(settings: Settings, release: ApplicationRelease): FoundValues {
  const { application } = release;
  let files: YamlMap = {};
  let decided: YamlMap | undefined;
  const faults = faultsOf(() => {
    const context = valuesContext(settings, release);
    files = context.files.values;
    const unmade = faultsOf(() => {
      decided = application.values(context);
    });
    together(
      () => {
        const { name, version } = chartOf(settings, release);
        const contract = findContract(settings.root, name, version);
        refuseDecidedKeys(context.files, application.decided?.(context) ?? {}, {
          place: (key, file) => valuePlace(settings.root, file, key),
          saysNothing: (path, value) => contract !== undefined && isDefault(contract, path, value),
        });
      },
      () => refuseMovedService(settings.root, release, context.files),
      () => {
        if (unmade.length) throw new SettingsError(unmade.join("\n"));
      },
    );
  });
  return { values: mergeValues([files, decided ?? {}]), isComplete: decided !== undefined, faults };
}

/**
 * The values of a release.
 *
 * @throws SettingsError with all that {@link findValues} finds wrong with them
 */
export function releaseValues(settings: Settings, release: ApplicationRelease): YamlMap {
  const { values, faults } = findValues(settings, release);
  if (faults.length) throw new SettingsError(faults.join("\n"));
  return values;
}
