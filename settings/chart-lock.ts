import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { check } from "./check";
import { nearest } from "./nearest";
import { SettingsError } from "./settings-error";
import { readYamlFile } from "./yaml-file";

/** Relative to the repository. */
export const lockFile = "charts/lock.yaml";

/** By the name of the chart. */
export const chartLockSchema = z.record(
  z
    .object({
      repository: z
        .string()
        .regex(/^(https|oci):\/\/\S+[^/]$/, "expected https://… or oci://… without a slash at the end")
        .describe("`https://…` for a chart repository, `oci://…` for a registry."),
      version: z
        .string()
        .regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, "expected one exact version such as 1.77.0, not a range")
        .describe("Exact: a range would deploy something else tomorrow."),
      appVersion: z
        .string()
        .optional()
        .describe("Version of the application that the chart deploys by default."),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits in lower case")
        .optional()
        .describe("Of the package when it was first seen: another one under the same name is refused."),
    })
    .strict(),
);

/** One chart at one version, and where Helm gets it. */
export interface Chart {
  /** Name of the chart: the key of its entry. */
  readonly name: string;
  readonly repository: string;
  readonly version: string;
  /** Version of the application that it deploys by default. @default - not known */
  readonly appVersion?: string;
  /** Of its package. @default - any package is taken */
  readonly sha256?: string;
  /** Absolute path of the package, where charts are taken from a directory. @default - it is taken from the repository */
  readonly package?: string;
}

/** The charts by name. */
export type Charts = { readonly [name: string]: Chart };

/**
 * Reads the charts that `charts/lock.yaml` pins.
 *
 * @param chartsDirectory a directory of `NAME-VERSION.tgz` that is used instead of the repositories
 * @param used names of the charts whose packages must be in it; of others none is looked for. @default - all of them
 * @throws SettingsError when an entry is wrong, or the directory lacks a package
 */
export function loadChartLock(root: string, chartsDirectory?: string, used?: readonly string[]): Charts {
  const entries = check(chartLockSchema, readYamlFile(root, lockFile), lockFile);
  return Object.fromEntries(
    Object.entries(entries).map(([name, entry]) => {
      const chart: Chart = { name, ...entry };
      if (!chartsDirectory || used?.includes(name) === false) return [name, chart];
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
  const names = Object.keys(charts).sort();
  const meant = nearest(name, names);
  throw new SettingsError(
    `${lockFile}: ${name}: missing${meant ? `, is ${meant} meant?` : ""} (there are: ${names.join(", ") || "none"}); ` +
      "add the chart's repository and version",
  );
}

function packageIn(directory: string, chart: Chart): string {
  const file = path.resolve(directory, `${chart.name}-${chart.version}.tgz`);
  if (fs.existsSync(file)) {
    verifyPackage(file, chart);
    return file;
  }
  const { name, version, repository } = chart;
  const source = repository.startsWith("oci:") ? `${repository}/${name}` : `${name} --repo ${repository}`;
  throw new SettingsError(
    `CHARTS_DIR: ${name}-${version}.tgz is not in ${directory} (found: ${packagesIn(directory, name)}); ` +
      `get it with: helm pull ${source} --version ${version} --destination ${directory}, or unset CHARTS_DIR`,
  );
}

/**
 * Refuses a package that is not the one that the lock was written for.
 *
 * @throws SettingsError
 */
export function verifyPackage(file: string, { name, version, sha256 }: Chart): void {
  if (sha256 === undefined) return;
  const found = packageDigest(file);
  if (found === sha256) return;
  throw new SettingsError(
    `${path.basename(file)}: is not the package that ${lockFile} was written for: expected SHA-256 ${sha256}, found ${found}; ` +
      `get the same package again, or, if you know why it changed, remove sha256 of ${name} from ${lockFile} and run: npm run charts -- update ${name} ${version}`,
  );
}

/** SHA-256 of a package, as hexadecimal. */
export function packageDigest(file: string): string {
  return createHash("sha256").update(fs.readFileSync(file)).digest("hex");
}

function packagesIn(directory: string, chart: string): string {
  const found = fs.statSync(directory, { throwIfNoEntry: false });
  if (!found) return "no such directory";
  if (!found.isDirectory()) return "a file, not a directory";
  const packages = fs
    .readdirSync(directory)
    .filter((name) => name.startsWith(`${chart}-`) && name.endsWith(".tgz"));
  return packages.sort().join(", ") || "no package of that chart";
}
