import { pinnedChart } from "../settings/chart-lock";
import type { Settings } from "../settings/load-settings";
import { type ValuesCheck, valuesCheck } from "./check-values";

/**
 * The check of an application's values: against the committed contract of its chart, with the file and line of each fault.
 *
 * @throws SettingsError when the lock does not have its chart
 */
export function applicationCheck(settings: Settings, application: string): ValuesCheck {
  const { root, environment, charts } = settings;
  return valuesCheck(root, pinnedChart(charts, application), () => ({
    decidedIn: `environments/${environment.name}.yaml`,
    files: settings.values(application).files,
  }));
}
