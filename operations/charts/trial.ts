import { isDeepStrictEqual } from "node:util";
import type { Contract } from "../../contracts/contract";
import { type ValuesLeaf, valuesLeaves } from "../../contracts/values-leaves";
import { valueAt, type YamlMap } from "../../settings/yaml-file";
import type { ChartProbe } from "./chart-probe";
import { suitableChange } from "./suitable-change";
import { withLeaf } from "./values-effects";

/** What the change of one leaf does to the others. */
export interface Gate {
  readonly leaf: ValuesLeaf;
  /** What it is changed to. */
  readonly value: unknown;
  /** Leaves that change something, and nothing when it is changed. */
  readonly closes: ReadonlySet<ValuesLeaf>;
  /** Leaves that change nothing, and something when it is changed. */
  readonly opens: ReadonlySet<ValuesLeaf>;
}

/** One set of values that a chart was rendered with, and which leaves changed something there. */
export interface Trial {
  readonly values: YamlMap;
  /**
   * By leaf, but for those that are untried: a chart that fails over one does not ignore it, nor shows what it is good for. Where it
   * fails without what the values set, that changes something.
   */
  readonly effects: ReadonlyMap<ValuesLeaf, boolean>;
  /** Those of which it fails without what the values set: what others do to them is not known. */
  readonly needed: ReadonlySet<ValuesLeaf>;
  /** Those over which it fails, or that take more work than is left. */
  readonly untried: ReadonlySet<ValuesLeaf>;
  readonly gates: readonly Gate[];
}

/**
 * Changes leaves, one at a time, and renders.
 *
 * @param values those of the base: a leaf is changed from what it is there
 */
export async function trial(
  probe: Pick<ChartProbe, "effects">,
  base: string,
  values: YamlMap,
  leaves: readonly ValuesLeaf[],
  contract: Contract,
  gates: boolean,
): Promise<Trial> {
  const set = leaves.map((leaf) => {
    const at = leafIn(values, leaf);
    return { path: leaf.path, values: [suitableChange(contract, at), ...otherwise(at.value)] };
  });
  const found = await probe.effects(base, set, gates);
  const some = (positions: readonly number[] = []): Set<ValuesLeaf> =>
    new Set(positions.map((position) => leaves[position] as ValuesLeaf));
  const needed = leaves.filter((leaf, i) => {
    const [only, ...others] = set[i]?.values ?? [];
    return found.fails[i] && !others.length && isDeepStrictEqual(only, leaf.value);
  });
  const effects = leaves.flatMap((leaf, i): [ValuesLeaf, boolean][] => {
    const alive = needed.includes(leaf) || found.alive[i];
    return alive === undefined ? [] : [[leaf, alive]];
  });
  return {
    values,
    effects: new Map(effects),
    needed: new Set(needed),
    untried: new Set(leaves.filter((_leaf, i) => found.alive[i] === undefined)),
    gates: (found.gates ?? []).map(({ leaf, value, closes, opens }) => ({
      leaf: leaves[leaf] as ValuesLeaf,
      value,
      closes: some(closes),
      opens: some(opens),
    })),
  };
}

/** A trial that takes more work than is left. */
export function untriedTrial(values: YamlMap, leaves: readonly ValuesLeaf[]): Trial {
  return { values, effects: new Map(), needed: new Set(), untried: new Set(leaves), gates: [] };
}

/**
 * What of the values of a trial the leaves need that change something there and nowhere before: the chart is rendered without
 * each part of the values and, where that closes one of them, without each leaf of the part.
 */
export async function withParts(
  probe: Pick<ChartProbe, "base" | "effects">,
  made: Trial,
  defaults: YamlMap,
  leaves: readonly ValuesLeaf[],
  contract: Contract,
): Promise<Trial> {
  if (!leaves.length) return made;
  const gates: Gate[] = [];
  const look = async (part: ValuesLeaf): Promise<boolean> => {
    const values = withLeaf(made.values, part.path, valueAt(defaults, part.path) ?? null);
    if ((await probe.base("part", { values, apis: true })) !== undefined) return false;
    const { effects } = await trial(probe, "part", values, leaves, contract, false);
    if (leaves.some((leaf) => !effects.has(leaf))) return false;
    const closes = new Set(leaves.filter((leaf) => effects.get(leaf) === false));
    gates.push({ leaf: part, value: valueAt(defaults, part.path), closes, opens: new Set() });
    return closes.size > 0;
  };
  for (const [name, value] of Object.entries(made.values)) {
    const parts = valuesLeaves(value, [name]);
    const [only] = parts;
    if ((await look({ path: [name], value })) && only && only.path.length > 1)
      for (const part of parts) await look(part);
  }
  return { ...made, gates };
}

/** Whether a leaf changed something, be it with another one changed as well. */
export function wasAlive({ effects, gates }: Trial, leaf: ValuesLeaf): boolean {
  return effects.get(leaf) === true || gates.some(({ opens }) => opens.has(leaf));
}

/** A leaf with the value that it has where some values are set. */
export function leafIn(values: YamlMap, leaf: ValuesLeaf): ValuesLeaf {
  const set = valueAt(values, leaf.path);
  return set === undefined ? leaf : { path: leaf.path, value: set };
}

/** Other values that a person may set, where one of the same kind changes nothing. */
function otherwise(value: unknown): readonly unknown[] {
  if (value === null || value === "") return [true, { changed: "changed" }, ["changed"]];
  if (Array.isArray(value)) return [[{ name: "changed", changed: "changed" }], ["changed"]];
  if (typeof value === "number") return [0];
  return typeof value === "string" ? [""] : [];
}
