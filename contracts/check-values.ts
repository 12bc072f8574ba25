import { keyOf } from "../settings/check";
import { nearest } from "../settings/nearest";
import { SettingsError } from "../settings/settings-error";
import type { ApplicationValues } from "../settings/values";
import { valueAt, type YamlMap } from "../settings/yaml-file";
import { type Contract, loadContract } from "./contract";
import type { FamiliarKeys } from "./familiar-keys";
import { conditionKey, conditionText } from "./requirement";
import { listBelow, rightKey } from "./right-key";
import { splitPath } from "./value-path";
import { valueSource } from "./value-source";
import { type ValuesFault, valuesFaults } from "./values-faults";

/**
 * Refuses values that the chart does not know, does not read, or would hand to Kubernetes for it to drop.
 *
 * @throws SettingsError with one line a value: file, line, key, what is wrong, and the right key
 */
export type ValuesCheck = (values: YamlMap) => void;

/** In the place of a check, for a chart that has no contract. */
export interface Unchecked {
  /** Why it has none. */
  readonly unchecked: string;
}

/** Where values come from: looked up only where one is wrong. */
export interface ValuesOrigin {
  /** Of values that no values file sets, such as `environments/minikube.yaml`. */
  readonly decidedIn: string;
  readonly files: ApplicationValues["files"];
}

/**
 * The check of one chart's values against the committed contract of its version.
 *
 * @param root the repository, absolute
 * @param familiarKeys what people set for what the chart has
 */
export function valuesCheck(
  root: string,
  chart: { readonly name: string; readonly version: string },
  familiarKeys: FamiliarKeys,
  origin: () => ValuesOrigin,
): ValuesCheck {
  return (values) => {
    const contract = loadContract(root, chart.name, chart.version);
    const faults = valuesFaults(contract, values);
    if (!faults.length) return;
    const { decidedIn, files } = origin();
    const lines = faults
      .filter((fault) => !isSwitchedOffLater(files, fault))
      .map((fault) => {
        const source = valueSource(root, files, fault.path) ?? decidedIn;
        return `${source}: ${keyOf([...fault.path])}: ${describeFault(contract, fault, familiarKeys)}`;
      });
    if (lines.length) throw new SettingsError([...new Set(lines)].join("\n"));
  };
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

/** What is wrong with a value, and what to do. */
export function describeFault(
  contract: Contract,
  { path, found, problem }: ValuesFault,
  familiarKeys: FamiliarKeys,
): string {
  const chart = `the chart ${contract.name} ${contract.version}`;
  const meant = (key: string | undefined): string => (key ? `, did you mean ${key}?` : "");
  switch (problem.kind) {
    case "unknown": {
      const right = problem.kubernetes
        ? nearest(String(path.at(-1)), problem.allowed)
        : rightKey(contract, path, found, familiarKeys);
      const allowed =
        problem.allowed.length && problem.allowed.length <= 30
          ? ` (allowed: ${problem.allowed.join(", ")})`
          : "";
      return problem.kubernetes
        ? `Kubernetes has no such field in ${problem.kubernetes} and drops it${meant(right)}${allowed}`
        : `${chart} has no such key and ignores it${right ? meant(right) : allowed || ": remove it"}`;
    }
    case "unread": {
      const right = rightKey(contract, path, found, familiarKeys);
      return `${chart} declares this key, but nothing in it reads it${right ? meant(right) : ": remove it"}`;
    }
    case "type": {
      const right = Array.isArray(found) ? listBelow(contract, path, found) : undefined;
      const quotable = problem.expected === "a string" && typeof found !== "object";
      return `expected ${problem.expected}, found ${show(found)}${quotable ? ": put it in quotes" : meant(right)} (${chart})`;
    }
    case "off": {
      const conditions = problem.conditions.map(
        ({ condition, value }) => `${conditionText(condition)} (found: ${show(value)})`,
      );
      return `${chart} reads this only when ${conditions.join(" and ")}: change that, or remove this`;
    }
  }
}

function show(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
