import {
  type ValuesCheck,
  valuesCheck,
  type ValuesCheckProps,
  valuesWarnings,
} from "../contracts/check-values";
import type { Settings } from "../settings/settings";
import { faultsOf, SettingsError, together } from "../settings/settings-error";
import type { YamlMap } from "../settings/yaml-file";
import type { ApplicationRelease } from "./application";
import { areRefused } from "./refused-values";
import { chartOf, findValues, valuesContext } from "./release-values";
import { keptReleasesOf, releasesOf } from "./releases";

/**
 * The check of a release's values: against the committed contract of its chart, with the file and line of each fault.
 *
 * @param isComplete whether they have all that the environment decides. @default true
 * @throws SettingsError when the lock does not have its chart
 */
export function releaseCheck(
  settings: Settings,
  release: ApplicationRelease,
  isComplete = true,
): ValuesCheck {
  return valuesCheck({ ...checkProps(settings, release), isComplete });
}

/** Values of the releases of an environment that nothing refuses and that may do nothing: one line each, with file and line. */
export function releaseWarnings(settings: Settings): string[] {
  return releasesOf(settings.environment).flatMap((release) =>
    valuesWarnings(checkProps(settings, release), findValues(settings, release).values),
  );
}

function checkProps(settings: Settings, release: ApplicationRelease): ValuesCheckProps {
  const { root, environment } = settings;
  const { familiarKeys = {}, decided } = release.application;
  const chart = chartOf(settings, release);
  return {
    root,
    chart,
    familiarKeys,
    origin: () => {
      const context = valuesContext(settings, release);
      return {
        decidedIn: `environments/${environment.name}.yaml`,
        files: context.files.files,
        decided: decided?.(context) ?? {},
        isRefused: (values) =>
          areRefused({ root, release, chart, environment, set: context.files.values }, values),
      };
    },
  };
}

/**
 * The values of a release, held against everything that is known of them before it is synthesized.
 *
 * @throws SettingsError with all that is wrong with them
 */
export function checkedValues(settings: Settings, release: ApplicationRelease): YamlMap {
  const { values, isComplete, faults } = findValues(settings, release);
  const found = [...faults, ...faultsOf(() => releaseCheck(settings, release, isComplete)(values))];
  if (found.length) throw new SettingsError(found.join("\n"));
  return values;
}

/**
 * Holds the values of the releases that are not installed against their charts: a fault is told now, and not on the day when one
 * is installed again.
 *
 * @throws SettingsError with what is wrong in which file
 */
export function checkKeptReleases(settings: Settings): void {
  together(...keptReleasesOf(settings.environment).map((release) => () => checkedValues(settings, release)));
}
