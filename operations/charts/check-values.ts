import * as os from "node:os";
import { releasesOf } from "../../applications/releases";
import { checkedValues } from "../../applications/release-check";
import { chartOf } from "../../applications/release-values";
import { valueSource } from "../../contracts/value-source";
import { verifyPackage } from "../../settings/chart-lock";
import { keyOf } from "../../settings/check";
import { loadSettings } from "../../applications/load-settings";
import { withTemporaryDirectory } from "../terminal/temporary-directory";
import type { ChartsContext } from "./charts-context";
import { fetchChart } from "./fetch-chart";
import { renderChart } from "./render-chart";
import { leavesWithoutEffect, valuesLeaves } from "./values-effects";

/**
 * Changes each value that an environment sets, one at a time, and renders.
 *
 * @returns the exit code: 0, or 1 when a value changes nothing
 */
export async function checkValues(context: ChartsContext): Promise<number> {
  const { root, environment, chartsDirectory, helm, json, print } = context;
  const settings = loadSettings(root, { ENVIRONMENT: environment, CHARTS_DIR: chartsDirectory });
  const start = performance.now();
  const without: string[] = [];
  let leaves = 0;
  for (const release of releasesOf(settings.environment)) {
    const chart = chartOf(settings, release);
    const { name, version } = chart;
    const values = checkedValues(settings, release);
    const { files } = settings.values(release.name);
    leaves += valuesLeaves(values).length;
    const found = await withTemporaryDirectory(async (directory) => {
      const file = chart.package ?? (await fetchChart({ chart, version, helm, directory }));
      verifyPackage(file, chart);
      const rendering = { helm: helm(), chart: file, release: release.name };
      return leavesWithoutEffect({
        values,
        render: (changed) => renderChart({ ...rendering, values: changed }),
        renderUpgrade: (changed) => renderChart({ ...rendering, values: changed, upgrade: true }),
        concurrency: os.availableParallelism(),
      });
    });
    for (const { path: at } of found) {
      const source = valueSource(root, files, at) ?? `environments/${environment}.yaml`;
      without.push(
        `${source}: ${keyOf([...at])}: changes nothing of what the chart ${name} ${version} renders: remove it`,
      );
    }
  }
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  if (json) print(JSON.stringify({ environment, leaves, without, seconds }));
  else {
    for (const line of without) print(line);
    print(
      `${environment}: changed ${leaves} values one at a time: ${leaves - without.length} change what is rendered, ${without.length} do not (${seconds} s)`,
    );
  }
  return without.length ? 1 : 0;
}
