import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type ChartPackage, defaultValues } from "../../contracts/chart-package";
import type { Contract, ContractKey } from "../../contracts/contract";
import { conditionKey, inEntry, isOn } from "../../contracts/requirement";
import { joinPath, splitPath } from "../../contracts/value-path";
import { faultAt, valuesFaults } from "../../contracts/values-faults";
import { type ValuesLeaf, valuesLeaves } from "../../contracts/values-leaves";
import { isMap, valueAt, type YamlMap } from "../../settings/yaml-file";
import { type ChartProbe, noWorkLeft, type ProbeBase } from "./chart-probe";
import { holds, keysAbove, leavesByKey, remembered, withConditions, without } from "./learned-conditions";
import { suitableChange } from "./suitable-change";
import { type Gate, leafIn, trial, type Trial, untriedTrial, wasAlive, withParts } from "./trial";
import { withLeaf } from "./values-effects";

/** What renders a chart; see `ChartProbe`. */
export type Probe = Pick<ChartProbe, "base" | "changed" | "effects">;

export interface ProveContractProps {
  /** What was inferred. */
  readonly contract: Contract;
  readonly chart: ChartPackage;
  readonly probe: Probe;
  /** Values that people set: ours, beside those of the chart's own `ci/`. @default - none */
  readonly values?: readonly YamlMap[];
}

/**
 * Holds a contract against what rendering shows: every leaf of the chart's own values, and of those that people set, is
 * changed, with the chart's defaults and with its features on, with each of both when another leaf is changed as well or what the
 * chart has on is off, with each set of values, and with what the contract says that it needs.
 *
 * A leaf that changes something is never refused afterwards; one that changes nothing under all conditions is unread.
 *
 * @returns the contract as it is right, and what was tried
 */
export async function proveContract(
  props: ProveContractProps,
): Promise<{ readonly contract: Contract; readonly trials: readonly Trial[] }> {
  const trials = await tryLeaves(props);
  const learned = withConditions(props.contract, trials);
  return { contract: correct(learned, trials, props.chart), trials };
}

async function tryLeaves({ contract, chart, probe, values = [] }: ProveContractProps): Promise<Trial[]> {
  const defaults = defaultValues(chart);
  const own = valuesLeaves(defaults);
  const trials: Trial[] = [];
  const define = async (base: ProbeBase, leaves: readonly ValuesLeaf[], gates = false): Promise<boolean> => {
    const error = leaves.length ? await probe.base("trial", base) : undefined;
    // What was not looked at any more is told from what was never looked for.
    if (error === noWorkLeft) trials.push(untriedTrial(base.values, leaves));
    if (!leaves.length || error !== undefined) return false;
    trials.push(await trial(probe, "trial", base.values, leaves, contract, gates));
    return true;
  };
  const pending = (): ValuesLeaf[] => own.filter((leaf) => !trials.some((one) => wasAlive(one, leaf)));
  const all = [...chart.examples.map((example) => example.values), ...values];
  const sets = [...new Map(all.map((set) => [JSON.stringify(set), set])).values()];
  const first = await firstThatRenders(probe, contract, own, sets);
  if (!first) return [];
  // What a cluster has is not the values' fault.
  await define({ values: first, apis: true }, own, true);
  const features = await featuresOn(probe, first, own);
  await define({ values: features, apis: true }, own, true);
  // Of some APIs it is their lack with which a value does something.
  const [withAPIs] = trials;
  await define(
    { values: first },
    own.filter((leaf) => withAPIs?.effects.get(leaf) !== true),
  );
  // What a chart switches on itself is needed by less than it seems.
  for (const base of [first, features])
    await define({ values: await changedTogether(probe, base, switches(own, true)), apis: true }, own);
  const texts = hiding(contract, own);
  const around = own.filter(({ path }) =>
    texts.some((text) => text.path.slice(0, -2).every((name, i) => name === path[i])),
  );
  await define(
    { values: await changedTogether(probe, features, texts, { value: "" }), apis: true },
    around,
    true,
  );
  for (const set of sets) {
    const before = pending();
    if (!(await define({ values: set, apis: true }, [...valuesLeaves(set), ...before]))) continue;
    const made = trials.pop() as Trial;
    const found = before.filter((leaf) => made.effects.get(leaf) === true);
    trials.push(await withParts(probe, made, defaults, found, contract));
  }
  for (const { values: base, gates } of [...trials]) {
    for (const { leaf, value, opens } of gates) {
      const isNew = [...opens].some((one) => !trials.some(({ effects }) => effects.get(one) === true));
      if (isNew)
        await define({ values: withLeaf(base, leaf.path, value), apis: true }, [...opens, ...pending()]);
    }
  }

  for (const [alternative, leaves] of needed(contract, pending(), trials)) {
    const bases = [features, first].map((below) => satisfied(below, alternative, contract));
    for (const base of bases) {
      if (await define({ values: base, apis: true }, leaves)) break;
    }
  }
  // What hides a leaf with all features on may leave it something to do with fewer.
  for (const [conditions, gate, leaves] of hidden(contract, trials)) {
    const values = withLeaf(satisfied(first, conditions, contract), gate.leaf.path, gate.value);
    await define({ values, apis: true }, leaves);
  }
  // What seems to be needed, where one thing differs at a time, another one may make up for.
  const learned = withConditions(contract, trials);
  const tryRefused = (values: YamlMap, apis: boolean, release?: string): Promise<boolean> => {
    const isMet = remembered(learned, values);
    const isRefused = ({ path }: ValuesLeaf): boolean =>
      keysAbove(learned, path).some((key) => {
        const { needs, unread } = learned.keys[key] ?? {};
        return unread || needs?.every((all) => !all.every((condition) => isMet(inEntry(condition, path))));
      });
    return define({ values, apis, together: true, release }, own.filter(isRefused));
  };
  await tryRefused(features, false);
  // A release of the chart's own name has names without that of the chart in front.
  for (const base of [first, features]) await tryRefused(base, true, "release");
  const mixes = Math.min(24, Math.ceil(12_000 / own.length));
  const failing = new Set<ValuesLeaf>();
  for (let mix = 0; mix < mixes; mix++) {
    // What does not render beside some may do so beside others, but to find out each time takes long.
    if (mix % 2 === 0) failing.clear();
    // What switches most comes first, lest something in it is in its way.
    const half = switches(own).filter((leaf) => isTurned(leaf, mix));
    const turned = half.sort((a, b) => a.path.length - b.path.length);
    await tryRefused(await changedTogether(probe, first, turned, { failing, together: true }), true);
  }
  return trials;
}

/** Whether a switch is one of the half that are turned: another half in each mix, and the same ones each time. */
function isTurned({ path }: ValuesLeaf, mix: number): boolean {
  const [byte = 0] = createHash("sha256")
    .update(JSON.stringify([mix, path]))
    .digest();
  return byte % 2 === 1;
}

/** What hides leaves though nothing that was inferred says so, with what they are said to need. */
function hidden(contract: Contract, trials: readonly Trial[]): [readonly string[], Gate, ValuesLeaf[]][] {
  const found = new Map<string, [readonly string[], Gate, ValuesLeaf[]]>();
  const keyOf = ({ leaf }: Gate): string => leaf.path.map(String).reduce(joinPath, "");
  for (const { gates } of trials) {
    for (const [gate, leaf] of gates.flatMap((one) => [...one.closes].map((leaf) => [one, leaf] as const))) {
      // What is needed shows wherever it lacks; what hides is not all that hides, where features stand in each other's way.
      if (!isOn(gate.value)) continue;
      const needs = keysAbove(contract, leaf.path).map((path) => contract.keys[path]?.needs ?? []);
      if (needs.flat(2).map(conditionKey).includes(keyOf(gate))) continue;
      const switches = gates.filter((one) => one !== gate && one.value === false && one.closes.has(leaf));
      const conditions = [...needs.flatMap(([all = []]) => all), ...switches.map(keyOf)];
      const name = JSON.stringify([conditions, keyOf(gate)]);
      const [, , leaves] = found.get(name) ?? [conditions, gate, []];
      found.set(name, [conditions, gate, [...leaves, leaf]]);
    }
  }
  return [...found.values()].sort(([, , a], [, , b]) => b.length - a.length).slice(0, mostConditions);
}

/** Values with which conditions hold. */
function satisfied(values: YamlMap, conditions: readonly string[], contract: Contract): YamlMap {
  return conditions.reduce(
    (at, condition) => withLeaf(at, splitPath(conditionKey(condition)), satisfying(condition, contract)),
    values,
  );
}

/** Values with which the chart renders: its own, those with what its errors ask for, or what somebody set. */
export async function firstThatRenders(
  probe: Probe,
  contract: Contract,
  leaves: readonly ValuesLeaf[],
  sets: readonly YamlMap[],
): Promise<YamlMap | undefined> {
  const own = await withWhatIsAsked(probe, contract, leaves);
  if (own) return own;
  for (const values of sets) {
    if ((await probe.base("first", { values })) === undefined) return values;
  }
  return undefined;
}

async function withWhatIsAsked(
  probe: Probe,
  contract: Contract,
  leaves: readonly ValuesLeaf[],
): Promise<YamlMap | undefined> {
  if ((await probe.base("first", { values: {} })) === undefined) return {};
  let values = leaves
    .filter((leaf) => leaf.value === null && isMap(suitableChange(contract, leaf)))
    .reduce<YamlMap>((at, { path }) => withLeaf(at, path, {}), {});
  for (let tries = 0; tries < 8; tries++) {
    const error = await probe.base("first", { values });
    if (error === undefined) return values;
    // What is asked for stands where it fails, at the end, and not where that is included.
    const asked = [error.slice(error.lastIndexOf("executing ")), error]
      .flatMap((text) => text.match(/[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)*/g) ?? [])
      .map((name) => name.replace(/^Values\./, ""))
      .find((name) => Object.hasOwn(contract.keys, name) && valueAt(values, splitPath(name)) === undefined);
    if (asked === undefined) return undefined;
    const path = splitPath(asked);
    const leaf = leaves.find((one) => one.path.join("\n") === path.join("\n"));
    values = withLeaf(values, path, suitableChange(contract, { path, value: leaf?.value ?? "" }));
  }
  return undefined;
}

/** Switches that are off, on: as many as render together. */
export function featuresOn(probe: Probe, values: YamlMap, leaves: readonly ValuesLeaf[]): Promise<YamlMap> {
  return changedTogether(probe, values, switches(leaves, false));
}

/** @param from what they are. @default - either */
function switches(leaves: readonly ValuesLeaf[], from?: boolean): ValuesLeaf[] {
  const isOne = (value: unknown): boolean =>
    from === undefined ? typeof value === "boolean" : value === from;
  return leaves.filter(({ path, value }) => isOne(value) && !path.some((key) => typeof key === "number"));
}

/** Texts that hide what is made otherwise, such as the name of a secret that is there already. */
function hiding(contract: Contract, leaves: readonly ValuesLeaf[]): ValuesLeaf[] {
  const all = Object.values(contract.keys).flatMap(({ needs = [] }) => needs.flat());
  const hidden = new Set(
    all.flatMap((condition) => (condition.startsWith("!") ? [conditionKey(condition)] : [])),
  );
  return leaves.filter(
    ({ path, value }) =>
      typeof value === "string" &&
      value !== "" &&
      (hidden.has(path.map(String).reduce(joinPath, "")) || /^existing/.test(String(path.at(-1)))),
  );
}

/**
 * Values with another one in each place: in as many as render together.
 *
 * @param props.value the other one. @default - a switch is turned
 * @param props.failing leaves with which it does not render, which are left out; those that are found are added. @default - none
 * @param props.together see `ProbeBase`. @default false
 */
async function changedTogether(
  probe: Probe,
  values: YamlMap,
  leaves: readonly ValuesLeaf[],
  props: { readonly value?: unknown; readonly failing?: Set<ValuesLeaf>; readonly together?: boolean } = {},
): Promise<YamlMap> {
  const { value, failing = new Set(), together = false } = props;
  let made = values;
  const add = async (some: readonly ValuesLeaf[]): Promise<void> => {
    if (!some.length) return;
    const more = some.reduce((at, leaf) => withLeaf(at, leaf.path, value ?? !leaf.value), made);
    const error = await probe.base("together", { values: more, apis: true, together });
    if (error === undefined) made = more;
    else if (error === noWorkLeft) return;
    else if (some.length > 1) {
      const half = Math.ceil(some.length / 2);
      await add(some.slice(0, half));
      await add(some.slice(half));
    } else some.forEach((leaf) => failing.add(leaf));
  };
  await add(leaves.filter((leaf) => !failing.has(leaf)));
  return made;
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

/** What rendering shows beats what was inferred. */
function correct(contract: Contract, trials: readonly Trial[], chart: ChartPackage): Contract {
  const defaults = defaultValues(chart);
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
  }
  for (const [path, own] of leavesByKey(right, trials)) {
    const key = keys[path] as ContractKey;
    const isLive = own.some((leaf) => trials.some((trial) => wasAlive(trial, leaf)));
    // What a template reads, and was seen to do nothing, may do something under a condition that nobody tried.
    // The first two are with the defaults and with all features on: what took too much work there was hardly tried.
    const wasTried = own.every((leaf) => trials.slice(0, 2).every(({ effects }) => effects.has(leaf)));
    if (isLive) keys[path] = { ...without(key, "unread"), known: "rendered" };
    else if (key.unread && wasTried) keys[path] = { ...key, known: "rendered" };
    else if (!key.known) keys[path] = { ...key, known: "unknown" };
  }
  // What took too much work is refused for nothing that only seems to be so.
  for (const { path } of trials.length ? valuesLeaves(defaults) : []) {
    const own = keysAbove(right, path).at(-1);
    const key = own === undefined ? undefined : keys[own];
    if (own !== undefined && key?.needs && !key.known)
      keys[own] = { ...without(key, "needs"), known: "unknown" };
  }
  for (const [path, key] of Object.entries(keys)) {
    if (key.unread && !key.known) keys[path] = { ...key, known: "unknown" };
  }
  // What the authors test their chart with is right, but for what was seen to do nothing there.
  for (const { values } of [{ values: defaults }, ...chart.examples]) {
    const effects = trials.find((trial) => isDeepStrictEqual(trial.values, values))?.effects;
    for (const { path, found } of valuesFaults(right, values)) {
      const own = [...(effects ?? [])].filter(([leaf]) => path.every((part, i) => part === leaf.path[i]));
      if (!own.length || own.some(([, alive]) => alive))
        accept(right, keys, values, { path, value: found }, true);
    }
  }
  return right;
}

/**
 * Takes away what refuses a value that changes something.
 *
 * @param isOfAuthors whether the chart's authors set it: they know which types it takes
 */
function accept(
  contract: Contract,
  keys: { [path: string]: ContractKey },
  set: YamlMap,
  { path }: ValuesLeaf,
  isOfAuthors = false,
): void {
  for (let tries = 0; tries < 5; tries++) {
    const fault = faultAt(path, valuesFaults(contract, set, path));
    if (!fault) return;
    const above = keysAbove(contract, fault.path);
    const own = above.at(-1);
    switch (fault.problem.kind) {
      case "unread":
        for (const one of above) keys[one] = without(keys[one] as ContractKey, "unread");
        break;
      case "off": {
        const { conditions, others } = fault.problem;
        const unmet = new Set([...conditions.map(({ condition }) => condition), ...others.flat()]);
        const isUnmet = (condition: string): boolean => unmet.has(inEntry(condition, fault.path));
        for (const one of above) {
          const key = keys[one] as ContractKey;
          if (key.needs?.every((all) => all.some(isUnmet))) keys[one] = without(key, "needs");
        }
        break;
      }
      case "type":
        // What Kubernetes takes, and what the chart's schema allows, is not told by what is rendered.
        if (own === undefined || (keys[own]?.kubernetes && !isOfAuthors) || keys[own]?.allowed) return;
        keys[own] = { ...without(keys[own] as ContractKey, "kubernetes"), type: "any" };
        break;
      case "unknown": {
        const name = fault.path[above.length];
        if (fault.problem.kubernetes !== undefined || name === undefined) return;
        keys[typeof name === "number" ? `${own ?? ""}.*` : joinPath(own ?? "", name)] = { type: "any" };
      }
    }
  }
}
