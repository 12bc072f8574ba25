import * as fs from "node:fs";
import * as path from "node:path";
import { isMap, parseDocument } from "yaml";
import { type Chart, lockFile, packageDigest, verifyPackage } from "../../settings/chart-lock";
import { SettingsError } from "../../settings/settings-error";
import { readChartPackage } from "../../contracts/chart-package";
import type { Contract } from "../../contracts/contract";
import { contractFile, contractText } from "../../contracts/contract-file";
import { valueTypes, valueTypesFile } from "../../contracts/value-types";
import { applications } from "../../applications/registry";
import type { YamlMap } from "../../settings/yaml-file";
import { makeContract, type MakeContractProps } from "./make-contract";
import { ownFaults } from "./own-faults";
import { valuesSchemaFile } from "../schemas/schemas";

export interface UpdateChartProps {
  /** The repository, absolute. */
  readonly root: string;
  /** The lock's entry as it is. */
  readonly chart: Chart;
  /** The package of the version that is wanted. */
  readonly file: string;
  readonly probe: MakeContractProps["probe"];
  /** What environments set of the chart. @default - nothing */
  readonly values?: readonly YamlMap[];
}

/**
 * Puts a chart's version into the lock, with its contract, the types of its values and their schema.
 *
 * Everything is made before anything is written, and the lock is written last.
 *
 * @returns the contract, what it refuses of what the chart's authors set, and what they say about it, from its annotation
 * `artifacthub.io/changes`
 * @throws SettingsError when the package is another chart, or another package of a version that is known already
 */
export async function updateChart(props: UpdateChartProps) {
  const { root, chart, file } = props;
  const packaged = readChartPackage(file);
  const { name, version } = packaged;
  if (name !== chart.name) {
    throw new SettingsError(`${path.basename(file)}: is the chart ${name}, expected ${chart.name}`);
  }
  if (version === chart.version) verifyPackage(file, chart);
  const { contract, unproved } = await makeContract({ ...props, chart: packaged });

  const lock = parseDocument(fs.readFileSync(path.join(root, lockFile), "utf8"));
  const entry = lock.get(name);
  if (!isMap(entry))
    throw new SettingsError(`${lockFile}: ${name}: missing: add the chart's repository and version`);
  entry.set("version", version);
  entry.set("appVersion", contract.appVersion);
  entry.set("sha256", packageDigest(file));

  writeTogether(root, [...contractFiles(contract), [lockFile, lock.toString({ lineWidth: 0 })]]);
  if (version !== chart.version)
    fs.rmSync(path.join(root, contractFile(name, chart.version)), { force: true });
  return {
    contract,
    unproved,
    own: ownFaults(contract, packaged),
    notes: packaged.annotations["artifacthub.io/changes"],
  };
}

/** A contract as it is committed, with the types of its values and the schema of each application's. */
export function contractFiles(contract: Contract): readonly (readonly [file: string, text: string])[] {
  const { name, version } = contract;
  return [
    [contractFile(name, version), contractText(contract)],
    [valueTypesFile(name), valueTypes(contract)],
    ...applications
      .filter((one) => one.chart === name)
      .map((one) => valuesSchemaFile(one, contract))
      .map(({ file, text }) => [file, text] as const),
  ];
}

/** Writes all files beside their places first: what can fail fails before anything is replaced. */
export function writeTogether(root: string, files: readonly (readonly [file: string, text: string])[]): void {
  const unfinished = (file: string): string => path.join(root, `${file}.unfinished`);
  try {
    for (const [file, text] of files) {
      fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      fs.writeFileSync(unfinished(file), text);
    }
    for (const [file] of files) fs.renameSync(unfinished(file), path.join(root, file));
  } finally {
    for (const [file] of files) fs.rmSync(unfinished(file), { force: true });
  }
}
