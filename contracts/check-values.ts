import { isDeepStrictEqual } from "node:util";
import { keyOf } from "../settings/check";
import { nearest } from "../settings/nearest";
import { quoted } from "../settings/quoted";
import { SettingsError } from "../settings/settings-error";
import type { ApplicationValues } from "../settings/values";
import { mergeValues } from "../settings/values";
import { valueAt, type YamlMap } from "../settings/yaml-file";
import type { Contract } from "./contract";
import { loadContract } from "./contract-file";
import type { FamiliarKeys } from "./familiar-keys";
import { conditionKey, conditionText, conditionValue, type Requirement } from "./requirement";
import { listBelow, type RightKey, rightKeys } from "./right-key";
import { anchorsIn, isUsedElsewhere, type UsedAnchor } from "./used-anchors";
import { joinPath, splitPath } from "./value-path";
import { valueSource } from "./value-source";
import { offText, valuesDoubts, type ValuesFault, valuesFaults } from "./values-faults";

/**
 * Refuses values that the chart does not know, does not read, or would hand to Kubernetes for it to drop.
 *
 * @throws SettingsError with one line a value: file, line, key, what is wrong, and the right key
 */
export type ValuesCheck = (values: YamlMap) => void;

/** Where values come from, and who else has a say in them: looked up only where one is wrong. */
export interface ValuesOrigin {
  /** Of values that no values file sets, such as `environments/minikube.yaml`. */
  readonly decidedIn: string;
  readonly files: ApplicationValues["files"];
  /** Keys that no values file may set: path → where it is decided. @default - none */
  readonly decided?: { readonly [path: string]: string };
  /** Whether values that a file would set are refused for another reason. @default - none is */
  readonly isRefused?: (values: YamlMap) => boolean;
}

export interface ValuesCheckProps {
  /** The repository, absolute. */
  readonly root: string;
  readonly chart: { readonly name: string; readonly version: string };
  /** What people set for what the chart has. */
  readonly familiarKeys: FamiliarKeys;
  readonly origin: () => ValuesOrigin;
  /** Whether the values are all there: of what is missing nobody knows what it switches on. @default true */
  readonly isComplete?: boolean;
}

/** The check of one chart's values against the committed contract of its version. */
export function valuesCheck(props: ValuesCheckProps): ValuesCheck {
  const { root, chart, isComplete = true } = props;
  return (values) => {
    const contract = loadContract(root, chart.name, chart.version);
    const faults = valuesFaults(contract, values).filter(
      ({ problem }) => isComplete || problem.kind !== "off",
    );
    const lines = located(props, contract, values, faults);
    if (lines.length) throw new SettingsError(lines.join("\n"));
  };
}

/** Of values that are not refused, those that may do nothing: one line each, as {@link valuesCheck}. */
export function valuesWarnings(props: ValuesCheckProps, values: YamlMap): string[] {
  const contract = loadContract(props.root, props.chart.name, props.chart.version);
  return located(props, contract, values, valuesDoubts(contract, values));
}

/** Faults with the file and line that each is in. */
function located(
  props: ValuesCheckProps,
  contract: Contract,
  values: YamlMap,
  faults: readonly ValuesFault[],
): string[] {
  if (!faults.length) return [];
  const origin = props.origin();
  const anchors = (): UsedAnchor[] => anchorsIn(props.root, origin.files);
  const context = { ...props, ...origin, contract, values, anchors };
  const told = faults.filter((fault) => !isSwitchedOffLater(context.files, fault));
  const lines = describeFaults(context, told).map(({ path, text }) => {
    const source = valueSource(props.root, context.files, path) ?? context.decidedIn;
    return `${source}: ${keyOf([...path])}: ${text}`;
  });
  return [...new Set(lines)];
}

/** Whether a file that comes after the value's, such as an overlay, switches off what reads the value. */
function isSwitchedOffLater(files: ApplicationValues["files"], { path, problem }: ValuesFault): boolean {
  if (problem.kind !== "off") return false;
  const setIn = (at: readonly (string | number)[]): number =>
    files.map(({ values }) => valueAt(values, at) !== undefined).lastIndexOf(true);
  const own = setIn(path);
  return (
    own >= 0 && problem.conditions.some(({ condition }) => setIn(splitPath(conditionKey(condition))) > own)
  );
}

/** Values that were checked, and what is known of their keys. */
export interface CheckedValues
  extends Pick<ValuesCheckProps, "familiarKeys">, Pick<ValuesOrigin, "decided" | "isRefused"> {
  readonly contract: Contract;
  readonly values: YamlMap;
  /** Those of the files that the values came from, looked up only where a key is not known. @default - none */
  readonly anchors?: () => readonly UsedAnchor[];
}

/** What is wrong in a place of the values, and what to do. */
export interface DescribedFault {
  readonly path: ValuesFault["path"];
  readonly text: string;
}

/** What is wrong with values: a map that is not known is told once, unless keys in it were meant as keys of several maps. */
export function describeFaults(context: CheckedValues, faults: readonly ValuesFault[]): DescribedFault[] {
  const maps = new Map<unknown, ValuesFault[]>();
  for (const fault of withoutHolders(context, faults)) {
    const { path, problem } = fault;
    const map = problem.kind === "unknown" && JSON.stringify(path.slice(0, problem.depth));
    maps.set(map || fault, [...(maps.get(map) ?? []), fault]);
  }
  return [...maps.values()].flatMap((leaves) =>
    (wholeMap(context, leaves) ?? leaves).map((fault) => ({
      path: fault.path,
      text: describeFault(context, fault),
    })),
  );
}

function isUnknown({ problem }: ValuesFault): boolean {
  return ["unknown", "unread", "untried"].includes(problem.kind);
}

/** Faults but for those of keys that only hold what an anchor names, which nobody is told of. */
export function withoutHolders(context: CheckedValues, faults: readonly ValuesFault[]): ValuesFault[] {
  const anchors = faults.some(isUnknown) ? (context.anchors?.() ?? []) : [];
  return faults.filter((fault) => !isHolder(context, anchors, fault));
}

/** Whether a key that the chart ignores does nothing but to hold what is used elsewhere, and is not one of the chart's misspelt. */
function isHolder(context: CheckedValues, anchors: readonly UsedAnchor[], fault: ValuesFault): boolean {
  const { path, problem } = fault;
  const { depth, kubernetes } = { depth: path.length, kubernetes: undefined, ...problem };
  if (!isUnknown(fault) || kubernetes !== undefined || !isUsedElsewhere(anchors, path, depth)) return false;
  const top = path.slice(0, depth);
  const right = advice(context, top, valueAt(context.values, top))?.key;
  return right === undefined || right.isFarOff === true;
}

/** The map that is not known in place of what is in it, where no more is to be said of that. */
function wholeMap(context: CheckedValues, leaves: readonly ValuesFault[]): [ValuesFault] | undefined {
  const [{ path: first = [], problem } = {}] = leaves;
  if (problem?.kind !== "unknown" || leaves.length === 1) return undefined;
  const path = first.slice(0, problem.depth);
  const map = { path, found: valueAt(context.values, path), problem };
  const right = advice(context, path, map.found)?.key.path;
  const isSaid = leaves.every((leaf) => {
    const own = advice(context, leaf.path, leaf.found)?.key.path;
    const below = right && [...right, ...leaf.path.slice(path.length)];
    return !own || [right, below].some((one) => isDeepStrictEqual(one, own));
  });
  return isSaid ? [map] : undefined;
}

/** What is wrong with a value, and what to do. */
export function describeFault(context: CheckedValues, { path, found, problem }: ValuesFault): string {
  const { contract } = context;
  const chart = `the chart ${contract.name} ${contract.version}`;
  switch (problem.kind) {
    case "unknown": {
      if (problem.kubernetes) {
        const right = nearest(String(path.at(-1)), problem.allowed);
        return `Kubernetes has no such field in ${problem.kubernetes} and drops it${right ? `, did you mean ${right}?` : ""}${allowed(problem.allowed)}`;
      }
      const above = path
        .slice(0, problem.depth ?? path.length)
        .slice(0, -1)
        .map(String)
        .reduce(joinPath, "");
      const free = problem.allowed.filter((key) => {
        const full = joinPath(above, key);
        return !context.decided?.[full] && !contract.keys[full]?.unread;
      });
      const next = advice(context, path, found)?.text ?? (allowed(free) || ": remove it");
      return contract.notUnderstood?.length
        ? `nothing that is understood of ${chart} has such a key${notUnderstood(contract)}${next}`
        : `${chart} has no such key and ignores it${next}`;
    }
    case "unread":
      return `${chart} declares this key, but nothing in it reads it${advice(context, path, found)?.text ?? ": remove it"}`;
    case "untried": {
      return `no template of ${chart} seems to read this, which could not be tried by rendering${notUnderstood(contract)}: if a rendering is the same without it, remove it`;
    }
    case "unseen":
      return `a template of ${chart} reads this, but it changed nothing under any condition that was tried: if a rendering is the same without it, remove it`;
    case "type": {
      const right = Array.isArray(found) ? listBelow(contract, path, found) : undefined;
      const isQuotable = problem.expected === "a string" && typeof found !== "object";
      const isOn = problem.expected === "true or false" && offText.test(String(found));
      const next = isQuotable
        ? ": put it in quotes"
        : isOn
          ? ": templates take any text for true, write false without quotes"
          : right && meant(context, right, found);
      return `expected ${problem.expected}, found ${quoted(found, calledAt(path))}${next ?? ""} (${chart})`;
    }
    case "null":
      return `null takes the map away that the chart has there, and its templates look for ${problem.key} in it: Helm would fail (nil pointer); remove it, or write {} for what ${chart} has`;
    case "image":
      return `found ${quoted(found)}, which ${problem.reason} (${chart})`;
    case "off": {
      const conditions = problem.conditions.map(
        ({ condition, value }) =>
          `${conditionText(condition)} (found: ${quoted(value, calledAt(splitPath(conditionKey(condition))))})`,
      );
      return `${chart} reads this only when ${conditions.join(" and ")}${otherwise(problem)}: ${nextOf(context, problem)}`;
    }
  }
}

/** The templates that are not, without what they say. */
function notUnderstood({ notUnderstood: faults = [] }: Contract): string {
  const places = faults.map((fault) => fault.split(": ")[0]);
  return places.length ? ` (not understood: ${places.join(", ")})` : "";
}

function allowed(keys: readonly string[]): string {
  return keys.length && keys.length <= 30 ? ` (allowed: ${keys.join(", ")})` : "";
}

/** What to write instead; undefined where nothing is near that would not be refused in its turn. */
function advice(
  context: CheckedValues,
  path: ValuesFault["path"],
  found: unknown,
): { readonly key: RightKey; readonly text: string } | undefined {
  for (const key of rightKeys(context.contract, path, found, context.familiarKeys)) {
    const { parts } = key;
    const text = meant(context, key, parts ? valueAt(context.values, path.slice(0, parts)) : found);
    if (text !== undefined) return { key, text };
  }
  return undefined;
}

/** Who decides a key, if somebody does. */
function decidedAdvice(
  context: Pick<CheckedValues, "decided">,
  path: readonly (string | number)[],
): string | undefined {
  const decided = decidedBy(context, path.map(String).reduce(joinPath, ""));
  if (decided === undefined) return undefined;
  const next = decided.includes("environments/") ? "set it there, and remove this" : "remove this";
  return `: ${decided} decides ${keyOf([...path])}: ${next}`;
}

/** A key as advice, if that value may stand there; otherwise who decides it, if somebody does. */
function meant(context: CheckedValues, right: RightKey, found: unknown): string | undefined {
  const key = keyOf([...right.path]);
  const decided = decidedAdvice(context, right.path);
  if (decided !== undefined) return decided;
  // What is in a list is looked at with the list.
  if (right.path.some((part) => typeof part === "number")) return `, did you mean ${key}?`;
  const alone = right.path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), found) as YamlMap;
  if (context.isRefused?.(alone)) return undefined;
  const [fault] = valuesFaults(context.contract, mergeValues([context.values, alone])).filter(
    ({ path, problem }) =>
      !["type", "null"].includes(problem.kind) && path.every((part, i) => part === right.path[i]),
  );
  if (fault === undefined) return `, did you mean ${key}?`;
  if (fault.problem.kind !== "off" || right.isFarOff) return undefined;
  const [needed = []] = alternativesOf(fault.problem);
  if (context.isRefused?.(mergeValues([alone, thatHold(needed)]))) return undefined;
  return `, did you mean ${key}, which it reads only when ${needed.map(conditionText).join(" and ")}${otherwise(fault.problem)}?`;
}

type Off = Extract<ValuesFault["problem"], { readonly kind: "off" }>;

/** The alternatives of conditions that do not hold, the nearest first. */
function alternativesOf({ conditions, others }: Off): Requirement {
  return [conditions.map(({ condition }) => condition), ...others];
}

/** What would do instead of the nearest conditions: all of it while that is short. */
function otherwise({ others }: Off): string {
  const text = others.map((all) => `, or when ${all.map(conditionText).join(" and ")}`).join("");
  if (text.length <= 160) return text;
  return others.length === 1 ? ", or in one more case" : `, or in ${others.length} more cases`;
}

/** What to do about a value that is not read: it may be read with any of the alternatives that nobody refuses or decides. */
function nextOf(context: CheckedValues, problem: Off): string {
  const alternatives = alternativesOf(problem);
  const decided = alternatives.map((all) =>
    all.map((condition) => decidedBy(context, conditionKey(condition))).find((one) => one !== undefined),
  );
  const open = alternatives.filter((_all, i) => decided[i] === undefined);
  if (!open.length) return `that is decided by ${decided[0]}: remove this`;
  if (open.every((all) => context.isRefused?.(thatHold(all)))) return "that would be refused: remove this";
  return "change that, or remove this";
}

/** Values for which conditions hold, as far as they say for which. */
function thatHold(conditions: readonly string[]): YamlMap {
  return mergeValues(
    conditions.flatMap((condition) => {
      const value = conditionValue(condition);
      const names = splitPath(conditionKey(condition));
      return value === undefined
        ? []
        : [names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as YamlMap];
    }),
  );
}

/** Where a key, or one above it, is decided. */
function decidedBy({ decided = {} }: Pick<CheckedValues, "decided">, key: string): string | undefined {
  const path = Object.keys(decided).find((path) => key === path || key.startsWith(`${path}.`));
  return path === undefined ? undefined : decided[path];
}

/** What a value is called: the last key of its path. */
function calledAt(path: ValuesFault["path"]): string {
  return String(path.filter((part) => typeof part === "string").at(-1) ?? "");
}
