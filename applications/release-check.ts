import { type ValuesCheck, valuesCheck } from "../contracts/check-values";
import type { Settings } from "../settings/settings";
import type { ApplicationRelease } from "./application";
import { chartOf, releaseValues } from "./release-values";
import { keptReleasesOf } from "./releases";

/**
 * The check of a release's values: against the committed contract of its chart, with the file and line of each fault.
 *
 * @throws SettingsError when the lock does not have its chart
 */
export function releaseCheck(settings: Settings, release: ApplicationRelease): ValuesCheck {
  const { root, environment } = settings;
  const { familiarKeys = {} } = release.application;
  return valuesCheck(root, chartOf(settings, release), familiarKeys, () => ({
    decidedIn: `environments/${environment.name}.yaml`,
    files: settings.values(release.name).files,
  }));
}

/**
 * Holds the values of the releases that are not installed against their charts: a fault is told now, and not on the day when one
 * is installed again.
 *
 * @throws SettingsError with what is wrong in which file
 */
export function checkKeptReleases(settings: Settings): void {
  for (const release of keptReleasesOf(settings.environment)) {
    releaseCheck(settings, release)(releaseValues(settings, release));
  }
}
