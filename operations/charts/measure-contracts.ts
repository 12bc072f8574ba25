import * as fs from "node:fs";
import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { type ChartPackage, defaultValues, readChartPackage } from "../../contracts/chart-package";
import type { Contract } from "../../contracts/contract";
import { contractText } from "../../contracts/contract-file";
import { rightKeys } from "../../contracts/right-key";
import { faultAt, type ValuesFault, valuesDoubts, valuesFaults } from "../../contracts/values-faults";
import { type ValuesLeaf, valuesLeaves } from "../../contracts/values-leaves";
import { SettingsError } from "../../settings/settings-error";
import type { YamlMap } from "../../settings/yaml-file";
import { ChartProbe } from "./chart-probe";
import type { ChartsContext } from "./charts-context";
import { makeContract } from "./make-contract";
import { featuresOn, firstThatRenders } from "./prove-contract";
import { suitableChange } from "./suitable-change";
import { leafIn, trial } from "./trial";
import { changed, withLeaf } from "./values-effects";

/** What became of the leaves of a chart's own values under its contract, held against what rendering shows. */
interface Measured {
  readonly leaves: number;
  /** Changes that change what is rendered, and those of them that the contract refuses. */
  honoured: number;
  refused: number;
  /** Changes from the chart's own value that change nothing, those of them that it only warns of, and those that it says nothing of. */
  ignored: number;
  warned: number;
  accepted: number;
  /** Keys with two letters at each other's place which change nothing, those of them that it accepts, and those it says the right key of. */
  misspelt: number;
  misspeltAccepted: number;
  named: number;
  readonly examples: number;
  readonly examplesAccepted: number;
  readonly kilobytes: number;
  /** Of processor time, to infer and prove it. */
  readonly seconds: number;
}

const head = [
  ...["Chart", "Leaves", "Honoured", "refused", "Ignored", "warned of", "accepted", "Misspelt", "accepted"],
  ...["right key", "ci", "accepted", "KB", "CPU s"],
];

/**
 * Makes the contract of each package of a folder, holds it against renderings of values of its own, and prints a table in Markdown
 * and what all of them come to.
 *
 * @throws SettingsError when there is no such folder, or no package in it, OperationError where charts cannot be rendered
 */
export async function measureContracts(
  { probe, print, note }: Pick<ChartsContext, "probe" | "print"> & { readonly note: (line: string) => void },
  directory: string,
): Promise<void> {
  if (!fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory())
    throw new SettingsError(
      `${directory}: no such folder (expected one of chart packages, NAME-VERSION.tgz)`,
    );
  const files = fs.readdirSync(directory).filter((name) => name.endsWith(".tgz"));
  if (!files.length)
    throw new SettingsError(`${directory}: no chart packages in it (expected NAME-VERSION.tgz)`);
  const program = await probe();
  const all: Measured[] = [];
  print(`| ${head.join(" | ")} |\n|${head.map((_, i) => (i ? " --: " : " --- ")).join("|")}|`);
  for (const name of files.sort()) {
    const file = path.join(directory, name);
    try {
      const chart = readChartPackage(file);
      const one = await measured(program, file, chart);
      all.push(one);
      print(row(`${chart.name} ${chart.version}`, one));
    } catch (error) {
      note(`${name}: ${(error as Error).message}`);
    }
  }
  const sum = (of: (one: Measured) => number): number => all.reduce((total, one) => total + of(one), 0);
  const most = (of: (one: Measured) => number): number => Math.max(0, ...all.map(of));
  const keys = Object.keys(all[0] ?? {}) as (keyof Measured)[];
  const total = Object.fromEntries(keys.map((key) => [key, sum((one) => one[key])])) as unknown as Measured;
  const largest = { kilobytes: most((one) => one.kilobytes), seconds: most((one) => one.seconds) };
  if (all.length) print(row(`${all.length} charts (KB, CPU s: the most)`, { ...total, ...largest }));
}

function row(name: string, one: Measured): string {
  const numbers = [one.leaves, one.honoured, one.refused, one.ignored, one.warned, one.accepted];
  const others = [one.misspelt, one.misspeltAccepted, one.named, one.examples, one.examplesAccepted];
  return `| ${[name, ...numbers, ...others, one.kilobytes, one.seconds.toFixed(1)].join(" | ")} |`;
}

async function measured(program: string, file: string, chart: ChartPackage): Promise<Measured> {
  const start = process.cpuUsage();
  const made = await makeContract({ file, chart, probe: () => Promise.resolve(program) });
  const { user, system } = process.cpuUsage(start);
  const seconds = (user + system) / 1e6 + (made.seconds ?? 0);
  const { contract } = made;
  const leaves = valuesLeaves(defaultValues(chart));
  const found: Measured = {
    ...{ leaves: leaves.length, honoured: 0, refused: 0, ignored: 0, warned: 0, accepted: 0 },
    ...{ misspelt: 0, misspeltAccepted: 0, named: 0, seconds },
    examples: chart.examples.length,
    examplesAccepted: chart.examples.filter(({ values }) => !valuesFaults(contract, values).length).length,
    kilobytes: Math.round(contractText(contract).length / 1024),
  };
  const probe = new ChartProbe(program, file, chart.name, Number.MAX_SAFE_INTEGER);
  try {
    await countLeaves(probe, contract, chart, leaves, found);
  } finally {
    probe.close();
  }
  return found;
}

/** With the chart's defaults, with all its features on, and with every other switch as it is not. */
async function countLeaves(
  probe: ChartProbe,
  contract: Contract,
  chart: ChartPackage,
  leaves: readonly ValuesLeaf[],
  found: Measured,
): Promise<void> {
  const defaults = defaultValues(chart);
  const sets = chart.examples.map(({ values }) => values);
  const first = await firstThatRenders(probe, contract, leaves, sets);
  if (!first) return;
  const features = await featuresOn(probe, first, leaves);
  let half = first;
  const switches = leaves.filter(({ value, path }) => typeof value === "boolean" && path.every(isName));
  for (const { path, value } of switches.filter((_, i) => i % 2)) {
    const more = withLeaf(half, path, !value);
    if ((await probe.base("half", { values: more, apis: true })) === undefined) half = more;
  }
  for (const [name, values] of Object.entries({ first, features, half })) {
    if ((await probe.base(name, { values, apis: name !== "first" })) !== undefined) continue;
    const { effects } = await trial(probe, name, values, leaves, contract, false);
    const dead = [...effects].flatMap(([leaf, isLive]) => (isLive ? [] : [leaf]));
    // What does nothing in a cluster that has every API may do something in one that has fewer.
    const rendersWithout = (await probe.base("without", { values })) === undefined;
    const without = rendersWithout
      ? (await trial(probe, "without", values, dead, contract, false)).effects
      : new Map();
    for (const [leaf, isLiveThere] of effects) {
      const isLive = isLiveThere || without.get(leaf) === true;
      const value = suitableChange(contract, leafIn(values, leaf));
      // What says the same as the chart is never refused.
      if (!isLive && isDeepStrictEqual(value, leaf.value)) continue;
      const set = withLeaf(values, leaf.path, value, defaults);
      const isRefused = isAt(leaf.path, valuesFaults(contract, set));
      if (isLive) found.honoured++;
      else found.ignored++;
      if (isLive && isRefused) found.refused++;
      if (!isLive && !isRefused)
        found[isAt(leaf.path, valuesDoubts(contract, set)) ? "warned" : "accepted"]++;
      if (name === "features" && isLive) await countMisspelt(probe, contract, values, defaults, leaf, found);
    }
  }
}

async function countMisspelt(
  probe: ChartProbe,
  contract: Contract,
  values: YamlMap,
  defaults: YamlMap,
  { path, value }: ValuesLeaf,
  found: Measured,
): Promise<void> {
  const wrong = misspelt(path);
  if (!wrong) return;
  const change = { path: wrong, value: changed(value) };
  if ((await probe.changed("features", [change], true)).changed) return;
  found.misspelt++;
  const fault = faultAt(wrong, valuesFaults(contract, withLeaf(values, wrong, change.value, defaults)));
  if (!fault) found.misspeltAccepted++;
  else {
    const [right] = rightKeys(contract, fault.path, fault.found, {});
    const isInPiece = fault.problem.kind === "unknown" && fault.problem.kubernetes !== undefined;
    if (isInPiece || right?.path.join("\n").startsWith(path.join("\n"))) found.named++;
  }
}

/** With two letters in the middle of the last key at each other's place, or one of two that are the same left out. */
function misspelt(path: readonly (string | number)[]): (string | number)[] | undefined {
  const name = path.at(-1);
  if (typeof name !== "string" || name.length < 4) return undefined;
  const middle = Math.floor(name.length / 2);
  const [a = "", b = ""] = name.slice(middle - 1, middle + 1);
  return [...path.slice(0, -1), name.slice(0, middle - 1) + (a === b ? a : b + a) + name.slice(middle + 1)];
}

function isAt(path: readonly (string | number)[], faults: readonly ValuesFault[]): boolean {
  return faultAt(path, faults) !== undefined;
}

function isName(key: string | number): key is string {
  return typeof key === "string";
}
