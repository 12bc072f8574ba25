import { valueAt } from "../settings/yaml-file";
import { conditionHolds, conditionKey, type Requirement } from "../contracts/requirement";
import { joinPath, splitPath } from "../contracts/value-path";
import type { SynthesizedRelease } from "./rule";

/** As much of a release as says what is set, and what its chart does with it. */
type Contracted = Pick<SynthesizedRelease, "values" | "contract">;

/** A value that nobody sets, and that the chart reads as it is. */
export interface ChartDefault {
  readonly path: readonly string[];
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
  const keys = release.contract?.keys ?? {};
  return Object.entries(keys).flatMap(([key, { default: value, needs }]) => {
    // Thousands of keys: what takes time comes last.
    if (value === undefined || !wanted(key.slice(key.lastIndexOf(".") + 1), value)) return [];
    const path = splitPath(key);
    if (valueAt(release.values, path) !== undefined) return [];
    return holds(release, needs) ? [{ path, value }] : [];
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
      all.every((condition) => conditionHolds(condition, effective(release, conditionKey(condition)))),
    )
  );
}

/** What is set, else the chart's default. */
function effective({ values, contract }: Contracted, key: string): unknown {
  return valueAt(values, splitPath(key)) ?? contract?.keys[key]?.default;
}
