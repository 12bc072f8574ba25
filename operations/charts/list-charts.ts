import Table from "cli-table3";
import { findContract } from "../../contracts/contract-file";
import { loadChartLock } from "../../settings/chart-lock";
import * as semver from "semver";
import type { ChartsContext } from "./charts-context";
import { packagedVersions } from "./fetch-chart";
import { newestOf, newestVersion } from "./newest-version";

/**
 * The charts that are deployed: version, application version, how many keys the contract knows, digest, and what is newer in
 * their repositories. One that does not answer is told.
 */
export async function listCharts(
  { root, chartsDirectory, json, print }: ChartsContext,
  newestIn = newestVersion,
): Promise<void> {
  const charts = await Promise.all(
    Object.values(loadChartLock(root, chartsDirectory)).map(async (chart) => {
      const contract = findContract(root, chart.name, chart.version);
      const listed = { ...chart, keys: contract && Object.keys(contract.keys).length };
      if (chartsDirectory)
        return { ...listed, newest: newestOf(packagedVersions(chartsDirectory, chart.name)) };
      return newestIn(chart).then(
        (newest) => ({ ...listed, newest }),
        (error: Error) => ({ ...listed, unknown: error.message }),
      );
    }),
  );
  if (json) {
    print(JSON.stringify(charts));
    return;
  }
  const table = new Table({
    head: ["chart", "version", "application", "known keys", "from", "SHA-256"],
    style: { head: [], border: [] },
  });
  for (const { name, version, appVersion, keys, package: file, repository: source, sha256 } of charts) {
    table.push([
      name,
      version,
      appVersion ?? "not known",
      keys ?? `none: npm run charts -- update ${name} ${version}`,
      file ? "CHARTS_DIR" : source,
      sha256 ? `${sha256.slice(0, 12)}…` : "not known",
    ]);
  }
  print(table.toString());
  const unknown = charts.flatMap((chart) => ("unknown" in chart ? [`${chart.name} (${chart.unknown})`] : []));
  if (unknown.length) print(`whether there is a newer one is not known of ${unknown.join(", ")}`);
  for (const chart of charts) {
    const newest = "newest" in chart ? chart.newest : undefined;
    if (newest === undefined || !semver.gt(newest, chart.version)) continue;
    print(`${chart.name} ${newest} is newer: npm run charts -- update ${chart.name} ${newest}`);
  }
}
