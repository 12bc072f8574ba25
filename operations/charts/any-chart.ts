import * as path from "node:path";
import { text as readText } from "node:stream/consumers";
import { type ChartPackage, readChartPackage } from "../../contracts/chart-package";
import { contractText } from "../../contracts/contract-file";
import { describeFaults } from "../../contracts/check-values";
import { helmSchema } from "../../contracts/values-schema";
import { type UsedAnchor, usedAnchors } from "../../contracts/used-anchors";
import { type ValuesFault, valuesDoubts, valuesFaults } from "../../contracts/values-faults";
import { keyOf } from "../../settings/check";
import { jsonSchemaText } from "../../settings/json-schema";
import { SettingsError } from "../../settings/settings-error";
import { mergeValues } from "../../settings/values";
import { parseYamlMap, readTextFile, type YamlMap } from "../../settings/yaml-file";
import type { ChartsContext } from "./charts-context";
import { ChartProbe } from "./chart-probe";
import { type MadeContract, makeContract } from "./make-contract";
import { ownFaults } from "./own-faults";
import { renderingFault } from "./rendering-fault";

type AnyChartContext = Pick<ChartsContext, "probe" | "print" | "json"> & {
  /** Takes one line that is no part of the answer. */
  readonly note: (line: string) => void;
};

/** Prints the contract of any package. */
export async function printContract(context: AnyChartContext, file: string): Promise<void> {
  const chart = readChartPackage(file);
  const { contract } = await contractOf(context, file, chart);
  for (const line of ownFaults(contract, chart)) context.note(line);
  context.print(contractText(contract, `contract ${path.basename(file)}`).trimEnd());
}

/** Prints a `values.schema.json` for any package, which Helm and editors read. */
export async function printJsonSchema(context: AnyChartContext, file: string): Promise<void> {
  const chart = readChartPackage(file);
  const { contract } = await contractOf(context, file, chart);
  const title = `Values of the chart ${contract.name} ${contract.version}`;
  context.print(jsonSchemaText(title, helmSchema(contract, chart)).trimEnd());
}

/**
 * Holds values files, the last one winning, against the contract of any package. What they set is rendered as well.
 *
 * @param valuesFiles `-` is the standard input
 * @returns the exit code: 0, or 1 when something is wrong or Helm does not render them
 * @throws SettingsError when one of the files cannot be read
 */
export async function checkAnyValues(
  context: AnyChartContext,
  file: string,
  valuesFiles: readonly string[],
): Promise<number> {
  refuseWrongFiles(valuesFiles);
  const chart = readChartPackage(file);
  const set = await Promise.all(valuesFiles.map(readValues));
  const values = mergeValues(set.map((one) => one.values));
  const { contract, unproved } = await contractOf(context, file, chart, [values]);
  const fails = unproved === undefined ? await whyNotRendered(context, file, values) : undefined;
  const anchors = (): UsedAnchor[] => set.flatMap(({ text }) => usedAnchors(text));
  const said = (faults: readonly ValuesFault[]) =>
    describeFaults({ contract, values, familiarKeys: {}, anchors }, faults).map(({ path, text }) => ({
      key: keyOf([...path]),
      problem: text,
    }));
  const [refused, warned] = [said(valuesFaults(contract, values)), said(valuesDoubts(contract, values))];
  if (context.json) context.print(JSON.stringify({ refused, warned, ...(fails !== undefined && { fails }) }));
  else {
    for (const { key, problem } of warned) context.note(`${key}: ${problem}`);
    for (const { key, problem } of refused) context.print(`${key}: ${problem}`);
    const { name, version } = contract;
    if (fails !== undefined)
      context.print(`Helm does not render the chart ${name} ${version} with these values: ${fails}`);
    else if (!refused.length) context.print(`no value is refused for the chart ${name} ${version}`);
  }
  return refused.length || fails !== undefined ? 1 : 0;
}

async function whyNotRendered(
  { probe }: AnyChartContext,
  file: string,
  values: YamlMap,
): Promise<string | undefined> {
  const running = new ChartProbe(await probe(), file, "release", Number.MAX_SAFE_INTEGER);
  try {
    return await renderingFault(running, values);
  } finally {
    running.close();
  }
}

function refuseWrongFiles(valuesFiles: readonly string[]): void {
  const chart = valuesFiles.find((file) => /\.(tgz|tar\.gz)$/.test(file));
  if (chart !== undefined) {
    throw new SettingsError(
      `${chart}: expected a values file, found a package: it comes first: npm run charts -- check-values ${chart} VALUES…`,
    );
  }
  if (valuesFiles.filter((file) => file === "-").length > 1) {
    throw new SettingsError(
      "-: the standard input is named twice, and can be read once: name a file instead",
    );
  }
}

/** A values file, with its text. */
async function readValues(file: string): Promise<{ readonly text: string; readonly values: YamlMap }> {
  const isInput = file === "-";
  // Read bit by bit, so that an interruption is heard meanwhile.
  const text = isInput ? await readText(process.stdin) : readTextFile("", file);
  return { text, values: parseYamlMap(text, isInput ? "standard input" : file) };
}

async function contractOf(
  { probe, note }: AnyChartContext,
  file: string,
  chart: ChartPackage,
  values: readonly YamlMap[] = [],
): Promise<MadeContract> {
  const made = await makeContract({ file, chart, probe, values });
  const { contract, unproved } = made;
  if (unproved) note(`inferred from the templates alone: ${unproved}`);
  for (const template of contract.notUnderstood ?? []) note(`not understood: ${template.trim()}`);
  return made;
}
