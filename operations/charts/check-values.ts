import { releasesOf } from "../../applications/releases";
import { checkedValues } from "../../applications/release-check";
import { chartOf } from "../../applications/release-values";
import { readChartPackage } from "../../contracts/chart-package";
import { loadContract } from "../../contracts/contract-file";
import { anchorsIn } from "../../contracts/used-anchors";
import { valueSource } from "../../contracts/value-source";
import { type ValuesLeaf, valuesLeaves } from "../../contracts/values-leaves";
import { verifyPackage } from "../../settings/chart-lock";
import { keyOf } from "../../settings/check";
import { loadSettings } from "../../applications/load-settings";
import type { YamlMap } from "../../settings/yaml-file";
import { OperationError } from "../errors/operation-error";
import { withTemporaryDirectory } from "../terminal/temporary-directory";
import { ChartProbe } from "./chart-probe";
import type { ChartsContext } from "./charts-context";
import { fetchChart } from "./fetch-chart";
import { ownFaults } from "./own-faults";
import type { Probe } from "./prove-contract";
import { changed } from "./values-effects";

/**
 * Changes each value that an environment sets, one at a time, and renders; and holds what each chart says itself against its contract.
 *
 * @returns the exit code: 0, or 1 when a value changes nothing
 * @throws OperationError where charts cannot be rendered, with what is not known then
 */
export async function checkValues(context: ChartsContext): Promise<number> {
  const { root, environment, chartsDirectory, helm, json, print } = context;
  const settings = loadSettings(root, { ENVIRONMENT: environment, CHARTS_DIR: chartsDirectory });
  const start = performance.now();
  const without: string[] = [];
  const own = new Set<string>();
  const set = releasesOf(settings.environment).map((release) => ({
    release,
    values: checkedValues(settings, release),
  }));
  const program = await context.probe().catch((error: unknown) => {
    if (!(error instanceof OperationError)) throw error;
    const kept = "the contracts refuse no value, and whether each changes what is rendered was not tried";
    throw new OperationError(`${environment}: ${kept}: ${error.message}`);
  });
  for (const { release, values } of set) {
    const chart = chartOf(settings, release);
    const { name, version } = chart;
    const found = await withTemporaryDirectory(async (directory) => {
      const file = chart.package ?? (await fetchChart({ chart, version, helm, directory }));
      verifyPackage(file, chart);
      for (const line of ownFaults(loadContract(root, name, version), readChartPackage(file))) own.add(line);
      const probe = new ChartProbe(program, file, release.name);
      try {
        return await leavesWithoutEffect(probe, values);
      } finally {
        probe.close();
      }
    });
    const { files } = settings.values(release.name);
    const anchors = found.length ? anchorsIn(root, files) : [];
    for (const { path: at } of found) {
      // What an anchor names does something where that is used.
      if (anchors.some(({ path: holder }) => holder.every((part, i) => part === at[i]))) continue;
      const source = valueSource(root, files, at) ?? `environments/${environment}.yaml`;
      without.push(
        `${source}: ${keyOf([...at])}: changes nothing of what the chart ${name} ${version} renders: remove it`,
      );
    }
  }
  const leaves = set.flatMap(({ values }) => valuesLeaves(values)).length;
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  if (json) print(JSON.stringify({ environment, leaves, without, own: [...own], seconds }));
  else {
    for (const line of [...without, ...own]) print(line);
    print(
      `${environment}: changed ${leaves} values one at a time: ${leaves - without.length} change what is rendered, ${without.length} do not (${seconds} s)`,
    );
  }
  return without.length ? 1 : 0;
}

/**
 * Changes each leaf, one at a time, and renders.
 *
 * @returns the leaves whose change changed nothing: the chart ignores them
 * @throws OperationError when the values as they are do not render
 */
export async function leavesWithoutEffect(probe: Probe, values: YamlMap): Promise<readonly ValuesLeaf[]> {
  const error = await probe.base("set", { values });
  if (error !== undefined) throw new OperationError(`the values as they are do not render: ${error}`);
  const upgrades = (await probe.base("upgrade", { values, upgrade: true })) === undefined;
  const leaves = valuesLeaves(values);
  const isRead = async ({ path, value }: ValuesLeaf): Promise<boolean> => {
    const other = [{ path, value: changed(value) }];
    // A chart that fails over a value has read it, and so has one that upgrades only with it.
    if ((await probe.changed("set", other)).changed) return true;
    if ((await probe.changed("set", other, true)).changed) return true;
    return upgrades && (await probe.changed("upgrade", [{ path, value: null }], true)).error !== undefined;
  };
  const read = await Promise.all(leaves.map(isRead));
  return leaves.filter((_, i) => !read[i]);
}
