import { type Contract, type ContractKey, keyBelow } from "../../contracts/contract";
import {
  always,
  both,
  conditionHolds,
  conditionKey,
  either,
  inEntry,
  isOn,
  type Requirement,
} from "../../contracts/requirement";
import { joinPath, splitPath } from "../../contracts/value-path";
import { ownValue } from "../../contracts/values-faults";
import type { ValuesLeaf } from "../../contracts/values-leaves";
import { isMap, valueAt, type YamlMap } from "../../settings/yaml-file";
import { leafIn, type Trial, wasAlive } from "./trial";

/** What a key does with some values. */
interface Point {
  readonly alive: boolean;
  readonly holds: (condition: string) => boolean;
}

/**
 * A contract with the conditions that rendering shows: of what was inferred and what the trials show, what refuses nothing
 * that changed something, and the most of what changed nothing.
 */
export function withConditions(contract: Contract, trials: readonly Trial[]): Contract {
  const keys: { [path: string]: ContractKey } = { ...contract.keys };
  const holdsIn = new Map(trials.map(({ values }) => [values, remembered(contract, values)]));
  for (const [path, leaves] of leavesByKey(contract, trials)) {
    const key = contract.keys[path] as ContractKey;
    const tried = trials.filter(({ effects }) => leaves.some((leaf) => effects.has(leaf)));
    if (!tried.some((trial) => leaves.some((leaf) => wasAlive(trial, leaf)))) continue;
    const entries = entriesOf(path, leaves);
    const shown = entries
      .filter((entry) => wereTried(trials, entry.leaves))
      .flatMap((entry) =>
        tried.map((trial) => inAnyEntry(path, entry, shownBy(contract, trial, entry.leaves))),
      );
    const different = [
      ...new Map(shown.filter((one) => one.length).map((one) => [String(one), one])).values(),
    ];
    const possible = combined([key.needs ?? always, ...different.slice(0, mostShown)]);
    const about = new Set(possible.flatMap((needs) => needs.flatMap((all) => all.map(conditionKey))));
    const points = entries.flatMap((entry) =>
      tried.flatMap((trial) => pointsOf(trial, entry, about, path, holdsIn)),
    );
    const alive = points.filter((point) => point.alive);
    const dead = points.filter((point) => !point.alive);
    const passed = (needs: Requirement): number => dead.filter((point) => isMet(needs, point)).length;
    const [needs] = possible
      .map((one) => weakened(one, alive))
      .map((one) => [one, passed(one)] as const)
      .reduce((best, one) => (one[1] < best[1] ? one : best));
    const rest = without(key, "needs");
    keys[path] = needs.every((all) => all.length) ? { ...rest, needs } : rest;
  }
  return { ...contract, keys };
}

/**
 * Whether leaves were tried with the defaults, with all features on and without APIs: where that took too much work, what they are seen to need
 * elsewhere is not all that there is.
 */
function wereTried(trials: readonly Trial[], leaves: readonly ValuesLeaf[]): boolean {
  return trials.slice(0, 3).every(({ untried }) => !leaves.some((leaf) => untried.has(leaf)));
}

// Of the entries of a map one is much like another.
const mostShown = 6;

/** The leaves of one entry of a map, or of a key that is in no map of entries. */
interface Entry {
  /** Keys from the top of the values. */
  readonly names: readonly (string | number)[];
  readonly leaves: readonly ValuesLeaf[];
}

/** The leaves of a key by the entries that they are in. */
function entriesOf(path: string, leaves: readonly ValuesLeaf[]): Entry[] {
  const depth = splitPath(path).lastIndexOf("*") + 1;
  const found = new Map<string, ValuesLeaf[]>();
  for (const leaf of leaves) {
    const name = leaf.path.slice(0, depth).join("\n");
    found.set(name, [...(found.get(name) ?? []), leaf]);
  }
  return [...found.values()].map((own) => ({ names: own[0]?.path ?? [], leaves: own }));
}

/** What one entry of a map needs of itself, as what any needs; what it needs of another one says nothing about the others. */
function inAnyEntry(path: string, { names }: Entry, needs: Requirement): Requirement {
  const any = splitPath(path);
  const depth = any.lastIndexOf("*") + 1;
  if (!depth) return needs;
  const general = (condition: string): string => {
    const key = conditionKey(condition);
    const own = splitPath(key);
    const isOwn = own.length > depth && own.slice(0, depth).every((name, i) => name === String(names[i]));
    return isOwn
      ? condition.replace(key, () => [...any.slice(0, depth), ...own.slice(depth)].reduce(joinPath, ""))
      : condition;
  };
  const holder = `${path.slice(0, path.indexOf("*"))}`;
  const isOther = (condition: string): boolean =>
    conditionKey(condition).startsWith(holder) && !conditionKey(condition).includes("*");
  return needs.map((all) => all.map(general).filter((condition) => !isOther(condition)));
}

/** Requirements, and what comes of them together: all of some, and any of some. */
function combined([inferred = always, ...shown]: readonly Requirement[]): Requirement[] {
  const learned = shown.flatMap((one, i) => [
    one,
    ...shown.slice(i + 1).flatMap((other) => [both(one, other), either(one, other)]),
  ]);
  return [inferred, ...learned, ...learned.flatMap((one) => [both(inferred, one), either(inferred, one)])];
}

/** The leaves that were tried, by the key of the contract that says what they are. */
export function leavesByKey(contract: Contract, trials: readonly Trial[]): Map<string, ValuesLeaf[]> {
  const found = new Map<string, ValuesLeaf[]>();
  for (const leaf of new Set(trials.flatMap(({ effects }) => [...effects.keys()]))) {
    const path = keysAbove(contract, leaf.path).at(-1);
    if (path === undefined) continue;
    found.set(path, [...(found.get(path) ?? []), leaf]);
  }
  return found;
}

/** @param about the keys that conditions are about: a change of another one makes no difference to them */
function pointsOf(
  trial: Trial,
  { names, leaves }: Entry,
  about: ReadonlySet<string>,
  path: string,
  holdsIn: ReadonlyMap<YamlMap, (condition: string) => boolean>,
): Point[] {
  const keys = new Set([...about].map((key) => inEntry(key, names)));
  const own = inEntry(path, names);
  // What switches a map that it is in has no part in what is switched.
  const tried = leaves.filter((leaf) => {
    const key = pathOf(leaf);
    return trial.effects.has(leaf) && (key === own || !keys.has(key));
  });
  if (!tried.length) return [];
  const live = tried.filter((leaf) => trial.effects.get(leaf) === true);
  const holdsThere = holdsIn.get(trial.values) as (condition: string) => boolean;
  // What a key says about itself it may always say.
  const isItself = (key: string): boolean =>
    key === own || tried.some((leaf) => `${key}.`.startsWith(`${pathOf(leaf)}.`));
  const holds = (general: string): boolean => {
    const condition = inEntry(general, names);
    return isItself(conditionKey(condition)) || holdsThere(condition);
  };
  const points: Point[] = [{ alive: live.length > 0, holds }];
  if (live.some((leaf) => trial.needed.has(leaf))) return points;
  for (const { leaf, value, closes, opens } of trial.gates) {
    if (tried.includes(leaf)) continue;
    const key = pathOf(leaf);
    const isAbout = keys.has(key);
    // Of what is alive anyway, a change of which no condition says anything shows nothing.
    if (!isAbout && live.length) continue;
    const alive = live.some((one) => !closes.has(one)) || tried.some((one) => opens.has(one));
    if (isAbout) {
      const after = (general: string): boolean => {
        const condition = inEntry(general, names);
        return conditionKey(condition) === key && !isItself(key)
          ? conditionHolds(condition, value)
          : holds(condition);
      };
      points.push({ alive, holds: after });
    } else if (alive) points.push({ alive, holds });
  }
  return points;
}

/** What a trial shows to be needed: without each of them nothing is left of what the leaves do. */
function shownBy(contract: Contract, trial: Trial, leaves: readonly ValuesLeaf[]): Requirement {
  // What is made up for a list or a map may do less than what a person writes: that something hides it is not known.
  const isMadeUp = leaves.some(({ value }) => typeof value === "object" && value !== null);
  return shownByAny(contract, trial, leaves).map((all) =>
    isMadeUp ? all.filter((condition) => !/^!|=/.test(condition)) : all,
  );
}

function shownByAny(contract: Contract, trial: Trial, leaves: readonly ValuesLeaf[]): Requirement {
  if (!leaves.some((leaf) => wasAlive(trial, leaf)) || !trial.gates.length) return [];
  const live = leaves.filter((leaf) => trial.effects.get(leaf) === true);
  if (live.some((leaf) => trial.needed.has(leaf))) return [];
  if (!live.length) {
    const opening = trial.gates.filter(({ opens }) => leaves.some((leaf) => opens.has(leaf)));
    return opening
      .map(({ leaf, value }) => conditionOf(contract, leaf, value, leafIn(trial.values, leaf).value))
      .flatMap((condition) => (condition === undefined ? [] : [[condition]]))
      .reduce<Requirement>((sum, one) => either(sum, [one]), []);
  }
  const closing = trial.gates.filter(({ leaf, closes }) => {
    const others = live.filter((one) => one !== leaf);
    return others.length > 0 && others.every((one) => closes.has(one));
  });
  return [
    closing
      .flatMap(
        ({ leaf, value }) => conditionOf(contract, leaf, leafIn(trial.values, leaf).value, value) ?? [],
      )
      .sort(),
  ];
}

function pathOf({ path }: ValuesLeaf): string {
  return path.map(String).reduce(joinPath, "");
}

/** What can be said of a leaf that has one value, with which another leaf does something, and not the other one. */
function conditionOf(
  contract: Contract,
  leaf: ValuesLeaf,
  value: unknown,
  other: unknown,
): string | undefined {
  const { path } = leaf;
  if (path.some((part) => typeof part === "number")) return undefined;
  const key = pathOf(leaf);
  if (keysAbove(contract, path).length === 0) return undefined;
  if (isOn(value) !== isOn(other)) return isOn(value) ? key : `!${key}`;
  if (typeof value === "number" && typeof other === "number") return `${key}!=${other}`;
  // Of a value that is made up it says only that it is another one.
  const [known, sign] = /changed$/.test(String(value)) ? [other, "!="] : [value, "="];
  return typeof known === "string" && /^[\w.-]+$/.test(known) ? `${key}${sign}${known}` : undefined;
}

/** A requirement without what did not hold where the key did something. */
function weakened(needs: Requirement, alive: readonly Point[]): Requirement {
  return alive.reduce((at, point) => {
    if (isMet(at, point)) return at;
    const met = at.map((all) => all.flatMap((condition) => loosened(condition, point)));
    const lost = met.map((all, i) => (at[i]?.length ?? 0) - all.length);
    const least = lost.indexOf(Math.min(...lost));
    return either(
      at.filter((_all, i) => i !== least),
      [met[least] ?? []],
    );
  }, needs);
}

/** What of a condition holds: what is on where it is not there is off when somebody says so. */
function loosened(condition: string, { holds }: Point): string[] {
  return [condition, `${conditionKey(condition)}!=false`]
    .slice(0, /[!=]/.test(condition) ? 1 : 2)
    .filter(holds)
    .slice(0, 1);
}

function isMet(needs: Requirement, point: Point): boolean {
  return needs.some((all) => all.every((condition) => point.holds(condition)));
}

/** Whether conditions hold with some values: each is looked at once. */
export function remembered(contract: Contract, values: YamlMap): (condition: string) => boolean {
  const known = new Map<string, boolean>();
  return (condition) => {
    const found = known.get(condition) ?? holds(contract, values, condition);
    known.set(condition, found);
    return found;
  };
}

/** Whether a condition holds with some values, and the chart's own below them. */
export function holds(contract: Contract, values: YamlMap, condition: string): boolean {
  const key = conditionKey(condition);
  const set = valueAt(values, splitPath(key));
  const own = ownValue(contract, key);
  return conditionHolds(
    condition,
    isMap(set) && isMap(own) ? { ...own, ...set } : set === undefined ? own : set,
  );
}

/** Keys of the contract that lead to a place, the place's own last. */
export function keysAbove(contract: Contract, path: readonly (string | number)[]): string[] {
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

/** A key without one thing that is known about it. */
export function without(key: ContractKey, name: "unread" | "needs" | "kubernetes"): ContractKey {
  return Object.fromEntries(
    Object.entries(key).filter(([other]) => other !== name),
  ) as unknown as ContractKey;
}
