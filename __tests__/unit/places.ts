import type { JsonSchema } from "../../settings/json-schema";
import { isMap, type YamlMap } from "../../settings/yaml-file";

/** A value of every kind. */
export const anyValues: readonly unknown[] = [
  null,
  true,
  "",
  "text",
  1,
  -1.5,
  [],
  ["text"],
  {},
  { name: "text" },
];

/** A place in documents: keys from the top, 0 for the first item of a list. */
export type Place = readonly (string | number)[];

/** Every place that a schema knows, with what it says there. */
export function placesOf(
  schema: JsonSchema,
): { readonly place: Place; readonly says: readonly JsonSchema[] }[] {
  const found = new Map<string, { place: Place; says: JsonSchema[] }>();
  const walk = (at: JsonSchema | boolean | undefined, place: Place): void => {
    if (typeof at !== "object" || place.length > 12) return;
    const id = place.join("\n");
    found.set(id, { place, says: [...(found.get(id)?.says ?? []), at] });
    if (at.$ref) walk(schema.definitions?.[at.$ref.replace("#/definitions/", "")], place);
    for (const one of [...(at.allOf ?? []), ...(at.anyOf ?? []), at.then, at.else]) walk(one, place);
    for (const [key, inner] of Object.entries(at.properties ?? {})) walk(inner, [...place, key]);
    walk(at.additionalProperties, [...place, "other"]);
    walk(at.items, [...place, 0]);
  };
  walk(schema, []);
  return [...found.values()].filter(({ place }) => place.length > 0);
}

/** A document with another value in one place; what is on the way there is made. */
export function withValue(document: unknown, [key, ...rest]: Place, value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof key === "number") {
    const list = Array.isArray(document) ? [...(document as unknown[])] : [];
    list[key] = withValue(list[key], rest, value);
    return list;
  }
  const map: YamlMap = isMap(document) ? document : {};
  return { ...map, [key]: withValue(map[key], rest, value) };
}
