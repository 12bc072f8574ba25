import * as fs from "node:fs";
import * as path from "node:path";
import * as semver from "semver";
import { OperationError } from "../errors/operation-error";
import { runProgram } from "../terminal/run-program";
import { type Chart, lockFile } from "../../settings/chart-lock";
import { newestOf } from "./newest-version";

export interface FetchChartProps {
  readonly chart: Chart;
  /** @default - the newest that is no pre-release */
  readonly version?: string;
  /** Where its authors publish it. @default - not known */
  readonly home?: string;
  /** A directory of chart packages. @default - the chart's repository */
  readonly chartsDirectory?: string;
  /** The Helm program; only a repository needs it. */
  readonly helm: () => string;
  /** Where a package that is fetched may be put. */
  readonly directory: string;
}

/**
 * The package of a chart's version.
 *
 * @throws OperationError when it cannot be had
 */
export async function fetchChart(props: FetchChartProps): Promise<string> {
  return props.chartsDirectory ? packageIn(props.chartsDirectory, props) : pull(props);
}

/** The versions of a chart whose packages are in a directory, the newest last. */
export function packagedVersions(directory: string, chart: string): string[] {
  const pattern = new RegExp(`^${chart}-(\\d+\\.\\d+\\.\\d+(-[0-9A-Za-z.-]+)?)\\.tgz$`);
  return (fs.existsSync(directory) ? fs.readdirSync(directory) : [])
    .map((file) => pattern.exec(file)?.[1])
    .filter((found) => found !== undefined)
    .sort(semver.compare);
}

function packageIn(directory: string, { chart, version }: FetchChartProps): string {
  const versions = packagedVersions(directory, chart.name);
  const wanted = version ?? newestOf(versions);
  if (wanted === undefined || !versions.includes(wanted)) {
    throw new OperationError(
      `CHARTS_DIR: ${chart.name}${wanted ? ` ${wanted}` : ""} is not in ${directory} (there are: ${versions.join(", ") || "none"}); ` +
        "put its package there, or unset CHARTS_DIR to take it from its repository",
    );
  }
  return path.join(directory, `${chart.name}-${wanted}.tgz`);
}

async function pull({ chart, version, home, helm, directory }: FetchChartProps): Promise<string> {
  const { name, repository } = chart;
  const source = repository.startsWith("oci:") ? [`${repository}/${name}`] : [name, "--repo", repository];
  const { exitCode, stderr } = await runProgram(
    helm(),
    ["pull", ...source, ...(version ? ["--version", version] : []), "--destination", directory],
    { timeoutMs: 120_000 },
  );
  const [file] = fs.readdirSync(directory).filter((found) => found.endsWith(".tgz"));
  if (exitCode === 0 && file !== undefined) return path.join(directory, file);
  throw new OperationError(
    `${name}${version ? ` ${version}` : ""}: cannot be fetched from ${repository}: ${stderr.trim().split("\n").at(-1) ?? ""}; ` +
      `check the version and the network${elsewhere(chart, home).map((where) => ` (${where})`)}, or set CHARTS_DIR to a directory with its package`,
  );
}

/** That a chart comes from another repository than its authors'; empty where it does not. */
export function elsewhere({ repository }: Chart, home: string | undefined): string[] {
  if (home === undefined || home === repository) return [];
  return [`its authors publish it at ${home}, and ${lockFile} takes it from ${repository}`];
}
