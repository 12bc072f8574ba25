import { isMap, valueAt } from "../settings/yaml-file";
import { conditionHolds, conditionKey, type Requirement } from "../contracts/requirement";
import { joinPath, splitPath } from "../contracts/value-path";
import type { SynthesizedRelease } from "./rule";
import { entries } from "./walk";

/** As much of a release as says what is set, and what its chart does with it. */
type Contracted = Pick<SynthesizedRelease, "values" | "contract">;

/** A value that nobody sets, and that the chart reads as it is. */
export interface ChartDefault {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/**
 * The defaults of a chart that a release uses: those of keys that are not set, where what they need is switched on.
 *
 * @param wanted which defaults, by the last key of their path and their value
 */
export function usedDefaults(
  release: Contracted,
  wanted: (key: string, value: unknown) => boolean,
): ChartDefault[] {
  return Object.entries(release.contract?.keys ?? {}).flatMap(([key, { default: value }]) => {
    // Thousands of keys: what takes time comes last.
    if (value === undefined) return [];
    const found = [
      { path: [], key: key.slice(key.lastIndexOf(".") + 1), value },
      // What is passed on whole has its defaults in one map.
      ...(isMap(value) ? entries(value) : []),
    ].filter((one) => wanted(one.key, one.value));
    if (!found.length || !isRead(release, splitPath(key))) return [];
    return found
      .map((one) => ({ path: [...splitPath(key), ...one.path], value: one.value }))
      .filter(({ path }) => !isOverridden(release.values, path));
  });
}

/** Whether a chart reads a value: what is switched off does not, as far as its contract says so. */
export function isRead(release: Contracted, path: readonly (string | number)[]): boolean {
  const keys = path.map((_, i) =>
    path
      .slice(0, i + 1)
      .map(String)
      .reduce(joinPath, ""),
  );
  return keys.every((key) => holds(release, release.contract?.keys[key]?.needs));
}

function holds(release: Contracted, needs: Requirement | undefined): boolean {
  return (
    !needs ||
    needs.some((all) =>
      all.every((condition) => conditionHolds(condition, effectiveValue(release, conditionKey(condition)))),
    )
  );
}

/** What is set, else the chart's default. */
export function effectiveValue({ values, contract }: Contracted, key: string): unknown {
  return valueAt(values, splitPath(key)) ?? contract?.keys[key]?.default;
}

/** Whether values have something at a path, or in its way: maps alone are merged with those of the chart. */
function isOverridden(values: unknown, [first, ...rest]: readonly (string | number)[]): boolean {
  if (first === undefined) return values !== undefined;
  if (!isMap(values)) return values !== undefined;
  return isOverridden(values[first], rest);
}
