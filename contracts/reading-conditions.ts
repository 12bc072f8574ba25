import type { Contract } from "./contract";
import { conditionHolds, conditionKey, conditionText } from "./requirement";
import { joinPath } from "./value-path";
import { ownValue } from "./values-faults";

/** When the chart reads a key, as far as that is not so of itself: each condition is named once, at the highest key. */
export class ReadingConditions {
  private readonly common = new Map<string, string[]>();

  /** @param childrenOf the names of the keys right below a path */
  public constructor(
    private readonly contract: Contract,
    private readonly childrenOf: (path: string) => readonly string[],
  ) {}

  /**
   * Alternatives of conditions which do not hold of themselves; none where it is read anyhow.
   *
   * @param above the conditions that the keys above it name
   */
  public of(path: string, above: readonly string[]): string[][] {
    const common = this.commonConditions(path);
    const alternatives = (this.contract.keys[path]?.needs ?? [[]]).map((all) =>
      [...new Set([...all, ...common])].filter(
        (condition) =>
          !above.includes(condition) &&
          !conditionHolds(condition, ownValue(this.contract, conditionKey(condition))),
      ),
    );
    if (alternatives.some((all) => all.length === 0)) return [];
    // One that asks for more than another adds nothing.
    return alternatives.filter(
      (all, index) =>
        !alternatives.some(
          (other, at) =>
            at !== index &&
            other.every((condition) => all.includes(condition)) &&
            (other.length < all.length || at < index),
        ),
    );
  }

  /** What every key below one needs. */
  private commonConditions(path: string): string[] {
    const known = this.common.get(path);
    if (known) return known;
    const each = this.childrenOf(path).map((name) => {
      const below = joinPath(path, name);
      const [first = [], ...others] = this.contract.keys[below]?.needs ?? [];
      const own = first.filter((condition) => others.every((all) => all.includes(condition)));
      return { below, needed: [...own, ...this.commonConditions(below)] };
    });
    // A switch does not need itself.
    const common = [...new Set(each.flatMap(({ needed }) => needed))].filter((condition) =>
      each.every(({ below, needed }) => needed.includes(condition) || below === conditionKey(condition)),
    );
    this.common.set(path, common);
    return common;
  }
}

/** Alternatives of conditions, in words. */
export function conditionsText(alternatives: readonly (readonly string[])[]): string {
  return alternatives.map((all) => all.map(conditionText).join(" and ")).join(", or when ");
}
