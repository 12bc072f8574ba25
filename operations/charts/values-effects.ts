import { isMap, type YamlMap } from "../../settings/yaml-file";

/** One leaf of values. */
export interface ValuesLeaf {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

export interface ValuesEffectsProps {
  readonly values: YamlMap;
  /** What the chart makes of values. @throws Error when it cannot be rendered */
  readonly render: (values: YamlMap) => Promise<string>;
  /** The same for an upgrade: a chart may ask for more then. */
  readonly renderUpgrade: (values: YamlMap) => Promise<string>;
  /** How many to render at the same time. */
  readonly concurrency: number;
}

/**
 * Changes each leaf, one at a time, and renders.
 *
 * @returns the leaves whose change changed nothing: the chart ignores them
 * @throws Error when the values as they are do not render, or never render the same
 */
export async function leavesWithoutEffect(props: ValuesEffectsProps): Promise<readonly ValuesLeaf[]> {
  const { values, render, renderUpgrade, concurrency } = props;
  const [before, again] = await Promise.all([render(values), render(values)]);
  if (before !== again) {
    throw new Error("the same values render differently each time: what a change does cannot be seen");
  }
  const leaves = valuesLeaves(values);
  const without: ValuesLeaf[] = [];
  const waiting = leaves[Symbol.iterator]();
  const work = async (): Promise<void> => {
    for (const leaf of waiting) {
      const after = await render(withLeaf(values, leaf.path, changed(leaf.value))).catch(
        // A chart that fails over a value has read it.
        () => undefined,
      );
      if (after !== before) continue;
      // A chart that upgrades only with it has read it.
      const upgrades = await renderUpgrade(withLeaf(values, leaf.path, null)).then(
        () => true,
        () => false,
      );
      if (upgrades) without.push(leaf);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return leaves.filter((leaf) => without.includes(leaf));
}

/** The scalars of values, and the maps and lists that are empty, in their order. */
export function valuesLeaves(value: unknown, path: readonly (string | number)[] = []): ValuesLeaf[] {
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, i) => [i, item])
    : typeof value === "object" && value !== null
      ? Object.entries(value)
      : [];
  if (!entries.length) return path.length ? [{ path, value }] : [];
  return entries.flatMap(([key, inner]) => valuesLeaves(inner, [...path, key]));
}

/** Another value of the same kind, that a chart can work with: a size stays a size, a number a number. */
export function changed(value: unknown): unknown {
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  if (Array.isArray(value)) return ["changed"];
  if (typeof value !== "string") return { changed: "changed" };
  if (/^(true|false)$/.test(value)) return value === "true" ? "false" : "true";
  const number = /^(\d+)([A-Za-z]*)$/.exec(value);
  return number ? `${Number(number[1]) + 1}${number[2]}` : `${value}changed`;
}

/**
 * Values with another value in one place; maps on the way are made.
 *
 * @param below the values that they are set over: a list is set as a whole, so that one that is not set yet is taken from there
 */
export function withLeaf(
  values: YamlMap,
  path: readonly (string | number)[],
  value: unknown,
  below: unknown = {},
): YamlMap {
  const place = (holder: unknown, under: unknown, [key, ...rest]: readonly (string | number)[]): unknown => {
    if (key === undefined) return value;
    if (typeof key === "number") {
      const found = Array.isArray(holder) ? holder : Array.isArray(under) ? under : [];
      return Object.assign([...(found as unknown[])], { [key]: place(found[key], undefined, rest) });
    }
    const map = isMap(holder) ? holder : {};
    return { ...map, [key]: place(map[key], isMap(under) ? under[key] : undefined, rest) };
  };
  return place(values, below, path) as YamlMap;
}
