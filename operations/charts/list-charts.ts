import Table from "cli-table3";
import { loadChartLock } from "../../settings/chart-lock";
import type { ChartsContext } from "./charts-context";
import { findContract } from "../../contracts/contract";

/** The charts that are deployed: version, application version, how many keys the contract knows, digest. */
export function listCharts({ root, chartsDirectory, json, print }: ChartsContext): void {
  const charts = Object.values(loadChartLock(root, chartsDirectory)).map((chart) => {
    const contract = findContract(root, chart.name, chart.version);
    return { ...chart, keys: contract && Object.keys(contract.keys).length };
  });
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
}
