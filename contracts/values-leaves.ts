/** One leaf of values. */
export interface ValuesLeaf {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
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
