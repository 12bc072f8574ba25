import { contractText } from "../../contracts/contract";
import { describeFault } from "../../contracts/check-values";
import { helmSchema } from "../../contracts/values-schema";
import { valuesFaults } from "../../contracts/values-faults";
import { keyOf } from "../../settings/check";
import { jsonSchemaText } from "../../settings/json-schema";
import { mergeValues } from "../../settings/values";
import { readYamlFile } from "../../settings/yaml-file";
import type { ChartsContext } from "./charts-context";
import { makeContract } from "./make-contract";

type AnyChartContext = Pick<ChartsContext, "probe" | "print" | "json"> & {
  /** Takes one line that is no part of the answer. */
  readonly note: (line: string) => void;
};

/** Prints the contract of any package. */
export async function printContract(context: AnyChartContext, file: string): Promise<void> {
  const { contract } = await made(context, file);
  context.print(contractText(contract).trimEnd());
}

/** Prints a `values.schema.json` for any package, which Helm and editors read. */
export async function printJsonSchema(context: AnyChartContext, file: string): Promise<void> {
  const { chart, contract } = await made(context, file);
  const title = `Values of the chart ${contract.name} ${contract.version}`;
  context.print(jsonSchemaText(title, helmSchema(contract, chart)).trimEnd());
}

/**
 * Holds values files, the last one winning, against the contract of any package.
 *
 * @returns the exit code: 0, or 1 when something is wrong
 */
export async function checkAnyValues(
  context: AnyChartContext,
  file: string,
  valuesFiles: readonly string[],
): Promise<number> {
  const { contract } = await made(context, file);
  const values = mergeValues(valuesFiles.map((one) => readYamlFile("", one)));
  const faults = valuesFaults(contract, values).map((fault) => ({
    key: keyOf([...fault.path]),
    problem: describeFault({ contract, values, familiarKeys: {} }, fault),
  }));
  if (context.json) context.print(JSON.stringify(faults));
  else {
    for (const { key, problem } of faults) context.print(`${key}: ${problem}`);
    const { name, version } = contract;
    if (!faults.length) context.print(`every value reaches what the chart ${name} ${version} renders`);
  }
  return faults.length ? 1 : 0;
}

async function made(context: AnyChartContext, file: string): ReturnType<typeof makeContract> {
  const result = await makeContract({ file, probe: context.probe });
  if (result.unproved) context.note(`inferred from the templates alone: ${result.unproved}`);
  return result;
}
