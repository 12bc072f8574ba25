import { type ChartPackage, defaultValues } from "../../contracts/chart-package";
import { type Contract, type ContractKey, keyBelow } from "../../contracts/contract";
import { always, both, conditionHolds, conditionKey } from "../../contracts/requirement";
import { joinPath, splitPath } from "../../contracts/value-path";
import { valuesFaults } from "../../contracts/values-faults";
import { isMap, valueAt, type YamlMap } from "../../settings/yaml-file";
import type { ChartProbe, ProbeBase } from "./chart-probe";
import { suitableChange } from "./suitable-change";
import { type ValuesLeaf, valuesLeaves, withLeaf } from "./values-effects";

/** What renders a chart; see `ChartProbe`. */
export type Probe = Pick<ChartProbe, "base" | "changed">;

export interface ProveContractProps {
  /** What was inferred. */
  readonly contract: Contract;
  readonly chart: ChartPackage;
  readonly probe: Probe;
  /** Values that people set: ours, beside those of the chart's own `ci/`. @default - none */
  readonly values?: readonly YamlMap[];
}

/** One set of values that a chart was rendered with, and which leaves changed something there. */
export interface Trial extends ProbeBase {
  readonly name: string;
  /** The switch that is on here and off in the first trial. @default - not one alone */
  readonly only?: ValuesLeaf;
  /** The switch that is off here and on where all features are. @default - not one alone */
  readonly without?: ValuesLeaf;
  readonly effects: ReadonlyMap<ValuesLeaf, boolean>;
}

/**
 * Holds a contract against what rendering shows: every leaf of the chart's own values, and of those that people set, is
 * changed, with the chart's defaults, with its features on, with each set of values, and with what the contract says that it
 * needs.
 *
 * A leaf that changes something is never refused afterwards; one that changes nothing under all conditions is unread.
 *
 * @returns the contract as it is right, and what was tried
 */
export async function proveContract(
  props: ProveContractProps,
): Promise<{ readonly contract: Contract; readonly trials: readonly Trial[] }> {
  const trials = await tryLeaves(props);
  const learned = withSwitches(props.contract, trials);
  return { contract: correct(learned, trials, defaultValues(props.chart)), trials };
}

async function tryLeaves({ contract, chart, probe, values = [] }: ProveContractProps): Promise<Trial[]> {
  const defaults = defaultValues(chart);
  const own = valuesLeaves(defaults);
  const trials: Trial[] = [];
  const define = async (
    name: string,
    base: ProbeBase & Pick<Trial, "only" | "without">,
    leaves: readonly ValuesLeaf[],
  ): Promise<boolean> => {
    if (!leaves.length || (await probe.base(name, base)) !== undefined) return false;
    trials.push({ name, ...base, effects: await effects(probe, name, base.values, leaves, contract) });
    return true;
  };
  const all = [...chart.examples.map((example) => example.values), ...values];
  const sets = [...new Map(all.map((set) => [JSON.stringify(set), set])).values()];
  const first = await firstThatRenders(probe, contract, own, [{}, ...sets]);
  if (!first) return [];
  await define("defaults", { values: first }, own);
  const pending = (): ValuesLeaf[] =>
    own.filter((leaf) => !trials.some(({ effects }) => effects.get(leaf) === true));
  const features = await featuresOn(probe, first, own);
  await define("features", { values: features, apis: true }, own);
  const [, on] = trials;
  for (const one of own.filter(isSwitch)) {
    const below = own.filter((leaf) => leaf !== one && isBelow(leaf, one) && !needs(contract, leaf, one));
    if (!below.length) continue;
    const base = { apis: true, upgrade: false };
    const only = pending().filter((leaf) => below.includes(leaf));
    if (leafIn(first, one).value === false) {
      await define(
        `only ${one.path.join(".")}`,
        { ...base, values: withLeaf(first, one.path, true), only: one },
        only,
      );
    }
    const dependent = below.filter((leaf) => on?.effects.get(leaf) === true);
    if (leafIn(features, one).value === true) {
      const values = withLeaf(features, one.path, false);
      await define(`without ${one.path.join(".")}`, { ...base, values, without: one }, dependent);
    }
  }
  for (const [i, set] of sets.entries()) {
    await define(`set ${i}`, { values: set, apis: true }, valuesLeaves(set));
  }
  for (const [alternative, leaves] of needed(contract, pending(), trials)) {
    const wanted = alternative.map((condition) => ({
      path: splitPath(conditionKey(condition)),
      value: satisfying(condition, contract),
    }));
    const bases = [features, first].map((below) =>
      wanted.reduce((at, one) => withLeaf(at, one.path, one.value), below),
    );
    for (const base of bases) {
      if (await define(`with ${alternative.join(" ")}`, { values: base, apis: true }, leaves)) break;
    }
  }
  return trials;
}

/** Values with which the chart renders: its own, those that somebody set, or its own with what its errors ask for. */
export async function firstThatRenders(
  probe: Probe,
  contract: Contract,
  leaves: readonly ValuesLeaf[],
  candidates: readonly YamlMap[],
): Promise<YamlMap | undefined> {
  for (const values of candidates) {
    if ((await probe.base("first", { values })) === undefined) return values;
  }
  let values = leaves
    .filter((leaf) => leaf.value === null && isMap(suitableChange(contract, leaf)))
    .reduce<YamlMap>((at, { path }) => withLeaf(at, path, {}), {});
  for (let tries = 0; tries < 8; tries++) {
    const error = await probe.base("first", { values });
    if (error === undefined) return values;
    const asked = (error.match(/[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*/g) ?? [])
      .map((name) => name.replace(/^Values\./, ""))
      .find((name) => name in contract.keys && valueAt(values, splitPath(name)) === undefined);
    if (asked === undefined) return undefined;
    const path = splitPath(asked);
    const leaf = leaves.find((one) => one.path.join("\n") === path.join("\n"));
    values = withLeaf(values, path, suitableChange(contract, { path, value: leaf?.value ?? "" }));
  }
  return undefined;
}

/** Switches that are off, on: as many as render together. */
export async function featuresOn(
  probe: Probe,
  values: YamlMap,
  leaves: readonly ValuesLeaf[],
): Promise<YamlMap> {
  let on = values;
  const add = async (switches: readonly ValuesLeaf[]): Promise<void> => {
    if (!switches.length) return;
    const more = switches.reduce((at, { path }) => withLeaf(at, path, true), on);
    if ((await probe.base("switches", { values: more, apis: true })) === undefined) on = more;
    else if (switches.length > 1) {
      const half = Math.ceil(switches.length / 2);
      await add(switches.slice(0, half));
      await add(switches.slice(half));
    }
  };
  await add(
    leaves.filter(({ path, value }) => value === false && !path.some((key) => typeof key === "number")),
  );
  return on;
}

/**
 * Which leaves change something in a base, without those over which the chart fails; what changes nothing is looked for in groups, since a chart may have thousands.
 *
 * @param values those of the base: a leaf is changed from what it is there
 */
export async function effects(
  probe: Probe,
  base: string,
  values: YamlMap,
  leaves: readonly ValuesLeaf[],
  contract: Contract,
): Promise<Map<ValuesLeaf, boolean>> {
  const found = new Map<ValuesLeaf, boolean>(leaves.map((leaf) => [leaf, false]));
  const look = async (
    group: readonly ValuesLeaf[],
    valueOf: (leaf: ValuesLeaf) => unknown,
    full = false,
  ): Promise<void> => {
    const [leaf, ...others] = group;
    if (!leaf) return;
    const set = group.map((one) => ({ path: one.path, value: valueOf(leafIn(values, one)) }));
    const { changed, error } = await probe.changed(base, set, full);
    if (!changed) return;
    // A chart that fails over a value does not ignore it, and does not show what it is good for.
    if (!others.length && error !== undefined) found.delete(leaf);
    else if (!others.length) found.set(leaf, true);
    const half = Math.ceil(group.length / 2);
    if (others.length)
      await Promise.all([look(group.slice(0, half), valueOf, full), look(group.slice(half), valueOf, full)]);
  };
  const dead = (): ValuesLeaf[] => leaves.filter((leaf) => !found.get(leaf));
  const suitable = (leaf: ValuesLeaf): unknown => suitableChange(contract, leaf);
  // What decides which charts there are makes everything be rendered anew: it is looked at alone.
  const decides = ({ path }: ValuesLeaf): boolean =>
    path.some((key) => /^(global|tags|enabled)$/.test(String(key)));
  await Promise.all(leaves.filter(decides).map((leaf) => look([leaf], suitable)));
  await look(
    leaves.filter((leaf) => !decides(leaf)),
    suitable,
  );
  // Another value that a person may set may change something, where one of the same kind does not.
  for (const at of [0, 1, 2]) {
    const others = dead().filter(
      (leaf) => !decides(leaf) && otherwise(leafIn(values, leaf).value).length > at,
    );
    await look(others, ({ value }) => otherwise(value)[at]);
  }
  // What seemed to be read nowhere is held against all that is rendered.
  await look(dead(), suitable, true);
  return found;
}

/** A leaf with the value that it has where some values are set. */
export function leafIn(values: YamlMap, leaf: ValuesLeaf): ValuesLeaf {
  const set = valueAt(values, leaf.path);
  return set === undefined ? leaf : { path: leaf.path, value: set };
}

function otherwise(value: unknown): readonly unknown[] {
  if (value === null || value === "") return [true, { changed: "changed" }, ["changed"]];
  if (Array.isArray(value)) return [[{ name: "changed", changed: "changed" }], ["changed"]];
  if (typeof value === "number") return [0];
  return typeof value === "string" ? [""] : [];
}

/** Whether a leaf is what switches a part of a chart. */
function isSwitch({ path, value }: ValuesLeaf): boolean {
  return (
    typeof value === "boolean" &&
    path.length > 1 &&
    /^(enabled?|create|install|deploy)$/.test(String(path.at(-1)))
  );
}

function isBelow({ path }: ValuesLeaf, { path: of }: ValuesLeaf): boolean {
  return of.slice(0, -1).every((key, i) => key === path[i]);
}

/** Whether a contract knows that a leaf needs a switch. */
function needs(contract: Contract, { path }: ValuesLeaf, { path: of }: ValuesLeaf): boolean {
  const condition = of.map(String).reduce(joinPath, "");
  return keysAbove(contract, path).some((key) =>
    contract.keys[key]?.needs?.every((all) => all.includes(condition)),
  );
}

/** With the switches that rendering shows to be needed: every leaf of a key changes something with it, and nothing without. */
function withSwitches(contract: Contract, trials: readonly Trial[]): Contract {
  const keys: { [path: string]: ContractKey } = { ...contract.keys };
  const [off, on] = trials;
  for (const { only, without, effects } of trials) {
    const one = only ?? without;
    if (!one) continue;
    const shown = new Map<string, boolean>();
    for (const [leaf, live] of effects) {
      const key = keysAbove(contract, leaf.path).at(-1);
      if (key === undefined || splitPath(key).length < one.path.length) continue;
      const isShown = only
        ? live && off?.effects.get(leaf) === false
        : !live && on?.effects.get(leaf) === true;
      shown.set(key, isShown && shown.get(key) !== false);
    }
    const condition = one.path.map(String).reduce(joinPath, "");
    for (const [path, isShown] of shown) {
      const key = keys[path];
      if (isShown && key) keys[path] = { ...key, needs: both(key.needs ?? always, [[condition]]) };
    }
  }
  return { ...contract, keys };
}

/** By alternative of conditions that did not hold yet, the leaves that need it. */
function needed(
  contract: Contract,
  leaves: readonly ValuesLeaf[],
  trials: readonly Trial[],
): Map<readonly string[], ValuesLeaf[]> {
  const found = new Map<string, [readonly string[], ValuesLeaf[]]>();
  for (const leaf of leaves) {
    const needs = keysAbove(contract, leaf.path).flatMap((path) => contract.keys[path]?.needs ?? []);
    const values = trials.map((trial) => trial.values);
    for (const all of needs.slice(0, 4)) {
      if (values.some((one) => all.every((condition) => holds(contract, one, condition)))) continue;
      const known = found.get(all.join("\n")) ?? [all, []];
      known[1].push(leaf);
      found.set(all.join("\n"), known);
    }
  }
  // What most leaves need comes first, and what a few need in a chart with hundreds of conditions stays as it was inferred.
  const sorted = [...found.values()].sort(([, a], [, b]) => b.length - a.length);
  return new Map(sorted.slice(0, mostConditions));
}

const mostConditions = 60;

function holds(contract: Contract, values: YamlMap, condition: string): boolean {
  const key = conditionKey(condition);
  const set = splitPath(key).reduce<unknown>((at, name) => (isMap(at) ? at[name] : undefined), values);
  return conditionHolds(condition, set === undefined ? contract.keys[key]?.default : set);
}

/** A value of a key for which a condition holds. */
function satisfying(condition: string, contract: Contract): unknown {
  const [, sign, wanted = ""] = /^[^=]*?(!?=)(.*)$/.exec(condition) ?? [];
  const type = contract.keys[conditionKey(condition)]?.type ?? "boolean";
  if (condition.startsWith("!")) return { list: [], map: {}, string: "", number: 0 }[type as string] ?? false;
  if (sign === "=")
    return wanted === "true" || wanted === "false"
      ? wanted === "true"
      : type === "number"
        ? Number(wanted)
        : wanted;
  if (sign === "!=") return `${wanted}changed`;
  return (
    { list: ["changed"], map: { changed: "changed" }, string: "changed", number: 1 }[type as string] ?? true
  );
}

/** Keys of the contract that lead to a place, the place's own last. */
function keysAbove(contract: Contract, path: readonly (string | number)[]): string[] {
  const found: string[] = [];
  let known = "";
  for (const part of path) {
    const below = keyBelow(contract, known, String(part));
    if (below === undefined) break;
    found.push(below);
    known = below;
  }
  return found;
}

/** What rendering shows beats what was inferred. */
function correct(contract: Contract, trials: readonly Trial[], defaults: YamlMap): Contract {
  const keys: { [path: string]: ContractKey } = { ...contract.keys };
  const right: Contract = { ...contract, keys };
  const leaves = new Set(trials.flatMap(({ effects }) => [...effects.keys()]));
  for (const leaf of leaves) {
    const tried = trials.filter(({ effects }) => effects.has(leaf));
    const live = tried.filter(({ effects }) => effects.get(leaf) === true);
    for (const { values } of live)
      accept(
        right,
        keys,
        withLeaf(values, leaf.path, suitableChange(contract, leafIn(values, leaf)), defaults),
        leaf,
      );
    for (const path of keysAbove(right, leaf.path)) {
      const key = keys[path] as ContractKey;
      const isOwn = splitPath(path).length === leaf.path.length;
      if (key.unread ? tried.length : live.length && isOwn) keys[path] = { ...key, known: "rendered" };
    }
  }
  for (const [path, key] of Object.entries(keys)) {
    if (key.unread && !key.known) keys[path] = { ...key, known: "unknown" };
  }
  return right;
}

/** Takes away what refuses a value that changes something. */
function accept(
  contract: Contract,
  keys: { [path: string]: ContractKey },
  set: YamlMap,
  { path }: ValuesLeaf,
): void {
  for (let tries = 0; tries < 5; tries++) {
    const fault = valuesFaults(contract, set).find(({ path: at }) =>
      at.every((key, i) => i >= path.length || key === path[i]),
    );
    if (!fault) return;
    const above = keysAbove(contract, fault.path);
    const own = above.at(-1);
    switch (fault.problem.kind) {
      case "unread":
        for (const one of above) keys[one] = without(keys[one] as ContractKey, "unread");
        break;
      case "off":
        for (const one of above) keys[one] = without(keys[one] as ContractKey, "needs");
        break;
      case "type":
        // What Kubernetes takes, and what the chart's schema allows, is not told by what is rendered.
        if (own === undefined || keys[own]?.kubernetes || keys[own]?.allowed) return;
        keys[own] = { ...(keys[own] as ContractKey), type: "any" };
        break;
      case "unknown": {
        const name = fault.path[above.length];
        if (fault.problem.kubernetes !== undefined || name === undefined) return;
        keys[typeof name === "number" ? `${own ?? ""}.*` : joinPath(own ?? "", name)] = { type: "any" };
      }
    }
  }
}

function without(key: ContractKey, name: "unread" | "needs"): ContractKey {
  return Object.fromEntries(
    Object.entries(key).filter(([other]) => other !== name),
  ) as unknown as ContractKey;
}
