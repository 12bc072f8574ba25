import type { Chart } from "../settings/chart-lock";
import type { Settings } from "../settings/settings";
import { type ValuesCheck, valuesCheck } from "./check-values";

/**
 * The check of a release's values: against the committed contract of its chart, with the file and line of each fault.
 *
 * @param release its name
 */
export function releaseCheck(settings: Settings, release: string, chart: Chart): ValuesCheck {
  const { root, environment } = settings;
  return valuesCheck(root, chart, () => ({
    decidedIn: `environments/${environment.name}.yaml`,
    files: settings.values(release).files,
  }));
}
