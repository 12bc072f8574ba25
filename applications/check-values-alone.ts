import { valuesCheck } from "../contracts/check-values";
import { loadChartLock, pinnedChart } from "../settings/chart-lock";
import { together } from "../settings/settings-error";
import { loadValues } from "../settings/values";
import { isMap, readYamlFile } from "../settings/yaml-file";
import { decidedKeys } from "./decided-keys";
import { areRefused } from "./refused-values";
import { applications } from "./registry";

/** What an environment says of which nothing is known. */
const unknown = { ingress: { className: "" }, exemptions: {}, images: { digests: false } } as const;

/**
 * Holds the values of an environment whose own file is at fault against their charts, as far as that file says what they are of.
 * What the environment makes of them is not known.
 *
 * @throws SettingsError with what is wrong in which file
 */
export function checkValuesAlone(root: string, environment: string): void {
  const file = `environments/${environment}.yaml`;
  const { applications: releases } = readYamlFile(root, file);
  const charts = loadChartLock(root);
  together(
    ...Object.entries(isMap(releases) ? releases : {}).map(([name, own]) => () => {
      const of = (isMap(own) && own.application) || name;
      const application = applications.find((one) => one.name === of);
      if (!application) return;
      const { values, files } = loadValues(root, [...new Set([application.name, name])], environment);
      const chart = pinnedChart(charts, application.chart);
      const release = { name, namespace: name, application };
      const check = valuesCheck({
        root,
        chart,
        familiarKeys: application.familiarKeys ?? {},
        isComplete: false,
        origin: () => ({
          decidedIn: file,
          files,
          decided: decidedKeys(application, environment, name, own ?? {}),
          isRefused: (others) =>
            areRefused({ root, release, chart, environment: unknown, set: values }, others),
        }),
      });
      check(values);
    }),
  );
}
