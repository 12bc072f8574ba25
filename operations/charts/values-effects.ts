import { isMap, type YamlMap } from "../../settings/yaml-file";

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
