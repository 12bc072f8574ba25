import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { check } from "./check";
import { SettingsError } from "./settings-error";
import { readYamlFile } from "./yaml-file";

const lockFile = "charts/lock.yaml";

const lockSchema = z.record(
  z
    .object({
      /** `https://…` for a chart repository, `oci://…` for a registry. */
      repository: z
        .string()
        .regex(/^(https|oci):\/\/\S+[^/]$/, "expected https://… or oci://… without a slash at the end"),
      /** Exact: a range would deploy something else tomorrow. */
      version: z
        .string()
        .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, "expected one exact version such as 1.77.0, not a range"),
    })
    .strict(),
);

/** One chart at one version, and where Helm gets it. */
export interface Chart {
  /** Name of the chart, of its release and of its namespace. */
  readonly name: string;
  readonly repository: string;
  readonly version: string;
  /** Absolute path of the package, where charts are taken from a directory. Default: it is taken from the repository. */
  readonly package?: string;
}

/** The charts by name. */
export type Charts = { readonly [name: string]: Chart };

/**
 * Reads the charts that `charts/lock.yaml` pins.
 *
 * @param chartsDirectory a directory of `NAME-VERSION.tgz` that is used instead of the repositories
 * @throws SettingsError when an entry is wrong, or the directory lacks a package
 */
export function loadChartLock(root: string, chartsDirectory?: string): Charts {
  const entries = check(lockSchema, readYamlFile(root, lockFile), lockFile);
  return Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => {
      const chart: Chart = { name, ...entry };
      if (!chartsDirectory) return [name, chart];
      return [name, { ...chart, package: packageIn(chartsDirectory, chart) }];
    }),
  );
}

/**
 * The chart of that name.
 *
 * @throws SettingsError when the lock does not have it
 */
export function pinnedChart(charts: Charts, name: string): Chart {
  const chart = charts[name];
  if (chart) return chart;
  throw new SettingsError(
    `${lockFile}: ${name}: missing (there are: ${Object.keys(charts).sort().join(", ")})`,
  );
}

function packageIn(directory: string, chart: Chart): string {
  const file = path.resolve(directory, `${chart.name}-${chart.version}.tgz`);
  if (fs.existsSync(file)) return file;
  const others = fs.existsSync(directory)
    ? fs.readdirSync(directory).filter((name) => name.startsWith(`${chart.name}-`) && name.endsWith(".tgz"))
    : undefined;
  const found = others
    ? others.length
      ? others.join(", ")
      : "no package of that chart"
    : "no such directory";
  throw new SettingsError(
    `CHARTS_DIR: ${chart.name}-${chart.version}.tgz is not in ${directory} (found: ${found}); ` +
      `get it with: helm pull ${chart.repository.startsWith("oci:") ? `${chart.repository}/${chart.name}` : `${chart.name} --repo ${chart.repository}`} --version ${chart.version}, or unset CHARTS_DIR`,
  );
}
