import { isDeepStrictEqual } from "node:util";
import { mergeValues } from "../settings/values";
import { isMap, valueAt, type YamlMap } from "../settings/yaml-file";
import { childrenOf, type Contract, type ContractKey, keyBelow } from "./contract";
import { imageFaults } from "./image-faults";
import { inWords, kubernetesFaults, kubernetesSchema, scalarFits } from "./kubernetes-schema";
import { conditionHolds, conditionKey, inEntry, type Requirement, withoutBelow } from "./requirement";
import { joinPath, splitPath } from "./value-path";
import { type ValuesLeaf, valuesLeaves } from "./values-leaves";

/** What is wrong with one value. */
export interface ValuesFault {
  /** Keys and list positions, from the top of the values. */
  readonly path: readonly (string | number)[];
  readonly found: unknown;
  readonly problem:
    | {
        readonly kind: "unknown";
        readonly allowed: readonly string[];
        /** How many parts the highest key has that is not known. @default - all */
        readonly depth?: number;
        readonly kubernetes?: string;
      }
    | { readonly kind: "type"; readonly expected: string }
    | { readonly kind: "unread" }
    /** Nobody knows whether the chart reads it: see {@link valuesDoubts}. */
    | { readonly kind: "untried" }
    /** A template reads it, and nothing that was tried made it do something: see {@link valuesDoubts}. */
    | { readonly kind: "unseen" }
    /** Null in the place of a map that templates look into, for the key named. */
    | { readonly kind: "null"; readonly key: string }
    /** A part of an image's name that holds more than that part. */
    | { readonly kind: "image"; readonly reason: string }
    /** It is read only when the conditions hold; these do not. Where others hold instead, it is read as well: the nearest first. */
    | {
        readonly kind: "off";
        readonly conditions: readonly { readonly condition: string; readonly value: unknown }[];
        readonly others: Requirement;
      };
}

/**
 * Holds every leaf of the values that are set against the contract of their chart. What says the same as the chart is right.
 *
 * @param only the place that is held against it, and what is above and below. @default - all of them
 */
export function valuesFaults(
  contract: Contract,
  values: YamlMap,
  only?: readonly (string | number)[],
): ValuesFault[] {
  const { faults } = checked(contract, values, only);
  const images = (only ? [] : imageFaults(contract, values)).map(({ path, found, reason }): ValuesFault => ({
    path,
    found,
    problem: { kind: "image", reason },
  }));
  const named = faults.some(isUnread) ? namedInTexts(contract, values) : [];
  return [...faults, ...images].filter(
    (fault) =>
      !isDefault(contract, fault.path.map(String), fault.found) &&
      !(isUnread(fault) && named.some((one) => isInside(fault.path.map(String), one))),
  );
}

/** What is wrong at a place, or above or below it. */
export function faultAt(
  path: readonly (string | number)[],
  faults: readonly ValuesFault[],
): ValuesFault | undefined {
  return faults.find(({ path: at }) => at.every((key, i) => i >= path.length || key === path[i]));
}

function isUnread({ problem: { kind } }: ValuesFault): boolean {
  return kind === "unknown" || kind === "unread";
}

/**
 * What the templates in texts read: `{{ .Values.domain }}` in one of the values makes `domain` one that does something. What the
 * chart's own texts read is in the contract.
 */
function namedInTexts(contract: Contract, value: unknown, names: readonly string[] = []): string[][] {
  if (typeof value === "object" && value !== null)
    return Object.entries(value).flatMap(([name, inner]) => namedInTexts(contract, inner, [...names, name]));
  if (typeof value !== "string" || !value.includes("{{") || value === defaultAt(contract, names)) return [];
  return [...value.matchAll(/\.Values((?:\.\w+)+)/g)].map(([, names = ""]) => names.slice(1).split("."));
}

/** Whether one path is the other's, or below it. */
function isInside(path: readonly string[], other: readonly string[]): boolean {
  return other.every((name, i) => name === path[i]);
}

/**
 * The leaves that may do nothing: no template seems to read their keys, where that could not be tried by rendering or not all
 * templates are understood; or one reads them, and rendering never showed what for.
 */
export function valuesDoubts(contract: Contract, values: YamlMap): ValuesFault[] {
  return checked(contract, values).doubts.filter(
    ({ path, found }) => !isDefault(contract, path.map(String), found),
  );
}

function checked(contract: Contract, values: YamlMap, only: readonly (string | number)[] = []): Check {
  const check = new Check(contract, values, only);
  check.map(values, "", [], []);
  return check;
}

/** Whether a value says what the chart does anyway. */
export function isDefault(contract: Contract, names: readonly string[], found: unknown): boolean {
  const own = defaultAt(contract, names);
  if (own === undefined && isMap(found) && Object.keys(found).length) {
    return Object.entries(found).every(([name, value]) => isDefault(contract, [...names, name], value));
  }
  return isDeepStrictEqual(isMap(own) && isMap(found) ? mergeValues([own, found]) : found, own);
}

/** The chart's own value at a path of keys. */
export function defaultAt({ keys }: Contract, names: readonly string[]): unknown {
  for (let i = names.length; i > 0; i--) {
    const key = keys[names.slice(0, i).reduce(joinPath, "")];
    if (key && "default" in key) return valueAt(key.default, names.slice(i));
  }
  return undefined;
}

/** The chart's own value of a key; of a map whose keys all have their own entries, one that is on where one of them has a value. */
export function ownValue(contract: Contract, key: string): unknown {
  const own = defaultAt(contract, splitPath(key));
  if (own !== undefined || contract.keys[key]?.type !== "map") return own;
  const known = declared.get(contract) ?? declaredMaps(contract);
  declared.set(contract, known);
  return known.has(key) ? { "*": true } : undefined;
}

/** By contract: it is gone through once. */
const declared = new WeakMap<Contract, ReadonlySet<string>>();

function declaredMaps({ keys }: Contract): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [path, key] of Object.entries(keys)) {
    if (key.default === undefined) continue;
    splitPath(path)
      .slice(0, -1)
      .reduce((above, name) => {
        const at = joinPath(above, name);
        found.add(at);
        return at;
      }, "");
  }
  return found;
}

class Check {
  public readonly faults: ValuesFault[] = [];
  public readonly doubts: ValuesFault[] = [];
  /** By key: most conditions are about a few of them. */
  private readonly seen = new Map<string, unknown>();
  /** Keys of one map need much the same. */
  private readonly met = new Map<Requirement, boolean>();

  constructor(
    private readonly contract: Contract,
    private readonly values: YamlMap,
    private readonly only: readonly (string | number)[],
  ) {}

  /** What of a map or a list is looked at. */
  private entries<K extends string | number>(
    entries: readonly (readonly [K, unknown])[],
    { length }: readonly unknown[],
  ): readonly (readonly [K, unknown])[] {
    const wanted = this.only[length];
    return wanted === undefined ? entries : entries.filter(([name]) => String(name) === String(wanted));
  }

  /** @param known path of the map in the contract; what is above it all keys of the map need too */
  public map(
    map: YamlMap,
    known: string,
    path: readonly (string | number)[],
    needs: readonly Requirement[],
  ): void {
    for (const [name, value] of this.entries(Object.entries(map), path)) {
      const at = [...path, name];
      const match = keyBelow(this.contract, known, name);
      if (match) this.value(value, match, at, needs);
      else this.unknown(value, known, at);
    }
  }

  private value(
    value: unknown,
    known: string,
    path: readonly (string | number)[],
    above: readonly Requirement[],
  ): void {
    const key = this.contract.keys[known] as ContractKey;
    const needs = key.needs ? [...above, key.needs] : above;
    const report = (problem: ValuesFault["problem"]): void =>
      void this.faults.push({ path, found: value, problem });
    if (key.unread && !childrenOf(this.contract, known).length) {
      // What could not be tried may be read all the same.
      if (key.known !== "unknown") return report({ kind: "unread" });
      return void this.doubts.push({ path, found: value, problem: { kind: "untried" } });
    }
    // Helm's way to leave out a default.
    if (value === null) {
      const below = key.entered ? this.readBelow(known) : undefined;
      if (below !== undefined) return report({ kind: "null", key: below });
      return void this.leaf(value, known, path, needs);
    }

    const isList = Array.isArray(value);
    const isMapping = typeof value === "object" && !isList;
    // What is asked for its kind is a piece of an object in one of them alone.
    const isPiece = (type: string): boolean =>
      /^[[{]|\./.test(type) && (key.type !== "any" || type.startsWith("[]") === isList);
    const pieces = (isList || isMapping) && key.kubernetes ? key.kubernetes.filter(isPiece) : [];
    if (pieces.length) {
      this.piece(value, known, path, pieces);
      if (!isMapping) return void this.leaf(value, known, path, needs);
      const map = value as YamlMap;
      return this.whole(map, known, path, needs, (name) =>
        this.isOwn(known, name, pieces) ? joinPath(known, name) : undefined,
      );
    }

    const wrong = wrongType(key, value);
    if (wrong) return report(wrong);
    if (isMapping) {
      const map = value as YamlMap;
      if (!Object.keys(map).length) return void this.leaf(value, known, path, needs);
      if (!key.open && key.type !== "any") return this.map(map, known, path, needs);
      return this.whole(map, known, path, needs, (name) => keyBelow(this.contract, known, name));
    }
    if (isList && `${known}.*` in this.contract.keys) {
      for (const [i, item] of this.entries([...value.entries()], path))
        this.value(item, `${known}.*`, [...path, i], needs);
      if (value.length) return;
    }
    this.leaf(value, known, path, needs);
  }

  /** A piece of a Kubernetes object; where the chart puts it in several places, it must fit one of them. */
  private piece(
    value: unknown,
    known: string,
    path: readonly (string | number)[],
    types: readonly string[],
  ): void {
    const isOwn = (below: readonly (string | number)[]): boolean =>
      below.reduce<string>((at, name) => joinPath(at, String(name)), known) in this.contract.keys;
    const [fewest = []] = types
      .map((type) => kubernetesFaults(kubernetesSchema(), type, value, isOwn))
      .sort((a, b) => a.length - b.length);
    for (const { path: below, fault, allowed, found } of fewest) {
      const problem =
        fault === "unknown"
          ? { kind: "unknown" as const, allowed, kubernetes: types[0]?.replace(/^\W+/, "") ?? "" }
          : { kind: "type" as const, expected: allowed.join(" or ") };
      this.faults.push({ path: [...path, ...below], found, problem });
    }
  }

  /** A key of the chart's own in a map that is otherwise passed on to Kubernetes. */
  private isOwn(known: string, name: string, pieces: readonly string[]): boolean {
    const { types } = kubernetesSchema();
    return (
      joinPath(known, name) in this.contract.keys && !pieces.some((type) => types[type]?.[name] !== undefined)
    );
  }

  /** A map that is passed on. What the chart says of keys in it by name is theirs; what one of them switches is all else in it. */
  private whole(
    map: YamlMap,
    known: string,
    path: readonly (string | number)[],
    needs: readonly Requirement[],
    keyOf: (name: string) => string | undefined,
  ): void {
    const others: ValuesLeaf[] = [];
    // Those keys say themselves when they are read.
    let around: readonly Requirement[] | undefined;
    let isApart = false;
    for (const [name, inner] of this.entries(Object.entries(map), path)) {
      const at = [...path, name];
      const key = keyOf(name);
      const own = key ?? keyBelow(this.contract, known, name);
      if (own !== undefined) around ??= needs.map((one) => withoutBelow(one, known));
      if (key !== undefined) this.value(inner, key, at, around ?? needs);
      else if (own === undefined) others.push(...valuesLeaves(inner, at));
      else {
        const { needs: also } = this.contract.keys[own] as ContractKey;
        isApart = true;
        for (const leaf of valuesLeaves(inner, at))
          this.leaf(leaf.value, own, leaf.path, [...(around ?? needs), ...(also ? [also] : [])]);
      }
    }
    // Where what is set is read in other cases than the map is, that of the map says nothing about it.
    if (isApart ? !others.length : !this.leaf(map, known, path, needs)) return;
    for (const leaf of needs.length ? others : []) this.isRead(leaf.value, known, leaf.path, needs);
  }

  /** @returns whether the chart reads it */
  private leaf(
    value: unknown,
    known: string,
    path: readonly (string | number)[],
    needs: readonly Requirement[],
  ): boolean {
    if (!this.isRead(value, known, path, needs)) return false;
    if (this.contract.keys[known]?.known === "unknown")
      this.doubts.push({ path, found: value, problem: { kind: "unseen" } });
    return true;
  }

  private isRead(
    value: unknown,
    known: string,
    path: readonly (string | number)[],
    needs: readonly Requirement[],
  ): boolean {
    for (const requirement of needs) {
      if (this.isMet(requirement)) continue;
      const own = path.map(String).reduce(joinPath, "");
      const holds = (condition: string): boolean => this.holds(inEntry(condition, path), own, known);
      if (requirement.some((all) => all.every(holds))) continue;
      const unmet = requirement.map((all) =>
        all.filter((condition) => !holds(condition)).map((condition) => inEntry(condition, path)),
      );
      // Of the ways to be read, the one that is nearest: first what somebody set on purpose, then what is there by default.
      const distance = (conditions: readonly string[]): number =>
        conditions.length +
        conditions.filter((condition) => !this.isSet(conditionKey(condition))).length / 100;
      const [fewest = [], ...more] = unmet.sort((a, b) => distance(a) - distance(b));
      const others = more.filter(
        (all, at) =>
          ![fewest, ...more.slice(0, at)].some((one) => one.every((condition) => all.includes(condition))),
      );
      const conditions = fewest.map((condition) => ({
        condition,
        value: this.effective(conditionKey(condition)),
      }));
      this.faults.push({ path, found: value, problem: { kind: "off", conditions, others } });
      return false;
    }
    return true;
  }

  /** A key below a map that the chart reads with these values. */
  private readBelow(known: string): string | undefined {
    return Object.keys(this.contract.keys).find((key) => {
      const one = this.contract.keys[key];
      if (!key.startsWith(`${known}.`) || key.includes("*") || one?.unread || one?.entered) return false;
      // Of a map whose keys all are named they alone say when it is read.
      if (one?.type === "map" && !one.open && !one.needs) return false;
      return splitPath(key).every((_name, i, names) => {
        const { needs } = this.contract.keys[names.slice(0, i + 1).reduce(joinPath, "")] ?? {};
        return !needs || needs.some((all) => all.every((condition) => this.holds(condition, known, known)));
      });
    });
  }

  /** Whether it holds whatever it is that needs it. */
  private isMet(requirement: Requirement): boolean {
    const found = this.met.get(requirement);
    if (found !== undefined) return found;
    const holds = (condition: string): boolean =>
      !condition.includes("*") && conditionHolds(condition, this.effective(conditionKey(condition)));
    const isMet = requirement.some((all) => all.every(holds));
    this.met.set(requirement, isMet);
    return isMet;
  }

  private holds(condition: string, own: string, known: string): boolean {
    const key = conditionKey(condition);
    // What a key says about itself it may always say: `enabled: false` is read.
    if (key === own || key === known || key.startsWith(`${own}.`)) return true;
    return conditionHolds(condition, this.effective(key));
  }

  private isSet(key: string): boolean {
    return this.setValue(splitPath(key)) !== undefined;
  }

  private setValue(names: readonly string[]): unknown {
    return names.reduce<unknown>((at, name) => (at as YamlMap | null | undefined)?.[name], this.values);
  }

  /** The value that templates see: what is set, else the chart's default. */
  private effective(key: string): unknown {
    if (!this.seen.has(key)) this.seen.set(key, this.look(key));
    return this.seen.get(key);
  }

  private look(key: string): unknown {
    const names = splitPath(key);
    const set = this.setValue(names);
    // A list that is set takes the place of the chart's.
    const isInList = names.some((_name, i) => i > 0 && Array.isArray(this.setValue(names.slice(0, i))));
    const fallback = isInList ? undefined : ownValue(this.contract, key);
    const both = isMap(set) && isMap(fallback);
    return both ? { ...fallback, ...set } : set === undefined ? fallback : set;
  }

  /** Every leaf of a map that is not known does nothing. */
  private unknown(
    value: unknown,
    known: string,
    path: readonly (string | number)[],
    depth = path.length,
  ): void {
    if (isMap(value) && Object.keys(value).length) {
      for (const [name, inner] of this.entries(Object.entries(value), path))
        this.unknown(inner, known, [...path, name], depth);
    } else {
      const allowed = childrenOf(this.contract, known);
      // What is not understood may read anything.
      const { faults, doubts } = this;
      const isKnown = !this.contract.notUnderstood?.length;
      (isKnown ? faults : doubts).push({ path, found: value, problem: { kind: "unknown", allowed, depth } });
    }
  }
}

/** A text that says that something is off: Go templates take it for true, as they take every text but an empty one. */
export const offText = /^([Ff]alse|FALSE|[Nn]o|NO|[Oo]ff|OFF|[Nn])$/;

/** Whether a key switches something, whatever else it may be, so that no text may say that it is off. */
export function isSwitch({ type, default: own }: ContractKey): boolean {
  return type === "any" && typeof own === "boolean";
}

/** A text that a template prints as the number that it says. */
export const numberText = /^[1-9]\d*$/;

function wrongType(key: ContractKey, found: unknown): ValuesFault["problem"] | undefined {
  const value = key.printed && typeof found === "string" && numberText.test(found) ? Number(found) : found;
  // That it changes something when it is rendered is just what is wrong with it.
  if (isSwitch(key) && typeof value === "string" && offText.test(value))
    return { kind: "type", expected: words.boolean };
  const [scalar] = key.kubernetes?.filter((type) => !/^[[{]|\./.test(type)) ?? [];
  if (scalar !== undefined && value !== "") {
    if (scalarFits(scalar, value)) return undefined;
    return { kind: "type", expected: inWords(scalar) };
  }
  if (key.allowed && !key.allowed.includes(value)) {
    return { kind: "type", expected: `one of ${key.allowed.join(", ")}` };
  }
  return fits(key.type, value) ? undefined : { kind: "type", expected: words[key.type] };
}

function fits(type: ContractKey["type"], value: unknown): boolean {
  if (type === "any") return true;
  if (type === "list") return Array.isArray(value);
  if (type === "map") return isMap(value);
  return type === "scalar" ? typeof value !== "object" : typeof value === type;
}

const words: { readonly [type in ContractKey["type"]]: string } = {
  string: "a string",
  number: "a number",
  boolean: "true or false",
  scalar: "a string, a number, or true or false",
  list: "a list",
  map: "a map",
  any: "anything",
};
