import { type Contract, type ContractKey, keyBelow } from "../../contracts/contract";
import {
  always,
  both,
  conditionHolds,
  conditionKey,
  either,
  isOn,
  type Requirement,
} from "../../contracts/requirement";
import { joinPath, splitPath } from "../../contracts/value-path";
import { defaultAt } from "../../contracts/values-faults";
import { isMap, valueAt, type YamlMap } from "../../settings/yaml-file";
import { leafIn, type Trial, wasAlive } from "./trial";
import type { ValuesLeaf } from "./values-effects";

/** Values with which a key was tried, and whether it did something. */
interface Point {
  readonly values: YamlMap;
  /** One leaf that is another one there. @default - none */
  readonly changed?: ValuesLeaf;
  readonly alive: boolean;
}

/**
 * A contract with the conditions that rendering shows: of what was inferred and what the trials show, what refuses nothing
 * that changed something, and the most of what changed nothing.
 */
export function withConditions(contract: Contract, trials: readonly Trial[]): Contract {
  const keys: { [path: string]: ContractKey } = { ...contract.keys };
  for (const [path, leaves] of leavesByKey(contract, trials)) {
    const key = contract.keys[path] as ContractKey;
    const points = trials.flatMap((trial) => pointsOf(trial, leaves));
    if (!points.some(({ alive }) => alive)) continue;
    const inferred = key.needs ?? always;
    // What one entry of a map needs of itself says nothing about the others.
    const entries = path.includes("*") ? path.slice(0, path.indexOf("*")) : undefined;
    const isOwn = (condition: string): boolean =>
      entries !== undefined && conditionKey(condition).startsWith(entries);
    const shown = trials
      .map((trial) => shownBy(contract, trial, leaves))
      .map((needs) => needs.map((all) => all.filter((condition) => !isOwn(condition))))
      .reduce(either, []);
    const learned = shown.length ? shown : always;
    const candidates = [inferred, learned, both(inferred, learned)].map((one) =>
      weakened(contract, path, one, points),
    );
    const passed = (needs: Requirement): number =>
      points.filter((point) => !point.alive && isMet(contract, path, needs, point)).length;
    const needs = candidates.reduce((best, one) => (passed(one) < passed(best) ? one : best));
    const rest = without(key, "needs");
    keys[path] = needs.every((all) => all.length) ? { ...rest, needs } : rest;
  }
  return { ...contract, keys };
}

/** The leaves that were tried, by the key of the contract that says what they are. */
function leavesByKey(contract: Contract, trials: readonly Trial[]): Map<string, ValuesLeaf[]> {
  const found = new Map<string, ValuesLeaf[]>();
  for (const leaf of new Set(trials.flatMap(({ effects }) => [...effects.keys()]))) {
    const path = keysAbove(contract, leaf.path).at(-1);
    if (path === undefined) continue;
    found.set(path, [...(found.get(path) ?? []), leaf]);
  }
  return found;
}

function pointsOf(trial: Trial, leaves: readonly ValuesLeaf[]): Point[] {
  const tried = leaves.filter((leaf) => trial.effects.has(leaf));
  if (!tried.length) return [];
  const live = tried.filter((leaf) => trial.effects.get(leaf) === true);
  return [
    { values: trial.values, alive: live.length > 0 },
    ...trial.gates
      .filter(({ leaf, unseen }) => !tried.includes(leaf) && !live.some((one) => unseen.has(one)))
      .map(({ leaf, value, closes, opens }) => ({
        values: trial.values,
        changed: { path: leaf.path, value },
        alive: live.some((one) => !closes.has(one)) || tried.some((one) => opens.has(one)),
      })),
  ];
}

/** What a trial shows to be needed: without each of them nothing is left of what the leaves do. */
function shownBy(contract: Contract, trial: Trial, leaves: readonly ValuesLeaf[]): Requirement {
  if (!leaves.some((leaf) => wasAlive(trial, leaf)) || !trial.gates.length) return [];
  const live = leaves.filter((leaf) => trial.effects.get(leaf) === true);
  if (!live.length) {
    const opening = trial.gates.filter(({ opens }) => leaves.some((leaf) => opens.has(leaf)));
    return opening.flatMap(({ leaf, value }) => {
      const condition = conditionOf(contract, leaf, value, leafIn(trial.values, leaf).value);
      return condition === undefined ? [] : [[condition]];
    });
  }
  const closing = trial.gates.filter(({ closes }) => live.every((leaf) => closes.has(leaf)));
  return [
    closing
      .flatMap(
        ({ leaf, value }) => conditionOf(contract, leaf, leafIn(trial.values, leaf).value, value) ?? [],
      )
      .sort(),
  ];
}

/** What can be said of a leaf that has one value and not the other. */
function conditionOf(
  contract: Contract,
  { path }: ValuesLeaf,
  value: unknown,
  other: unknown,
): string | undefined {
  if (path.some((part) => typeof part === "number")) return undefined;
  const key = path.map(String).reduce(joinPath, "");
  if (keysAbove(contract, path).length === 0) return undefined;
  if (isOn(value) !== isOn(other)) return isOn(value) ? key : `!${key}`;
  return typeof value === "string" && /^[\w.-]+$/.test(value) ? `${key}=${value}` : undefined;
}

/** A requirement without what did not hold where the key did something. */
function weakened(
  contract: Contract,
  path: string,
  needs: Requirement,
  points: readonly Point[],
): Requirement {
  return points.reduce((at, point) => {
    if (!point.alive || isMet(contract, path, at, point)) return at;
    const met = at.map((all) => all.filter((condition) => holdsAt(contract, path, condition, point)));
    const lost = met.map((all, i) => (at[i]?.length ?? 0) - all.length);
    const least = lost.indexOf(Math.min(...lost));
    return either(
      at.filter((_all, i) => i !== least),
      [met[least] ?? []],
    );
  }, needs);
}

function isMet(contract: Contract, path: string, needs: Requirement, point: Point): boolean {
  return needs.some((all) => all.every((condition) => holdsAt(contract, path, condition, point)));
}

function holdsAt(contract: Contract, path: string, condition: string, { values, changed }: Point): boolean {
  const key = conditionKey(condition);
  // What a key says about itself it may always say.
  if (key === path || key.startsWith(`${path}.`)) return true;
  const isChanged = changed && changed.path.map(String).reduce(joinPath, "") === key;
  return isChanged ? conditionHolds(condition, changed.value) : holds(contract, values, condition);
}

/** Whether a condition holds with some values, and the chart's own below them. */
export function holds(contract: Contract, values: YamlMap, condition: string): boolean {
  const names = splitPath(conditionKey(condition));
  const set = valueAt(values, names);
  const isThere = contract.keys[conditionKey(condition)]?.type === "map";
  const own = defaultAt(contract, names) ?? (isThere ? { "*": true } : undefined);
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
export function without(key: ContractKey, name: "unread" | "needs"): ContractKey {
  return Object.fromEntries(
    Object.entries(key).filter(([other]) => other !== name),
  ) as unknown as ContractKey;
}
