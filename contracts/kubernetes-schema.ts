import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Kubernetes's own description of its objects, cut down to what charts pass through.
 *
 * A type is written as one word: `string`, `integer`, `number`, `boolean`, `any`, `quantity` (64Mi or 2),
 * `int-or-string`, `[]T` (a list of T), `{}T` (a map to T), `=A|B` (one of these strings), or the name of an entry of
 * `types`, such as `core.v1.Toleration`.
 */
export interface KubernetesSchema {
  /** Version of the API server that it comes from, such as v1.35.4. */
  readonly version: string;
  /** `apps/v1 Deployment` → the name of its type. */
  readonly kinds: { readonly [kind: string]: string };
  /** Fields and their types, by name of the type. */
  readonly types: { readonly [name: string]: { readonly [field: string]: string } };
}

/** The committed schema, relative to the repository. */
export const kubernetesSchemaFile = "contracts/generated/kubernetes-schema.json";

/** The schema as it is committed: one type a line, so that a pull request shows what a new Kubernetes changes. */
export function kubernetesSchemaText({ version, kinds, types }: KubernetesSchema): string {
  const head = {
    generated: "by npm run charts -- kubernetes: change that command, not this file",
    version,
    kinds,
  };
  const lines = Object.keys(types).map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(types[name])}`);
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n "types": {\n${lines.join(",\n")}\n }\n}\n`;
}

let loaded: KubernetesSchema | undefined;

/** The committed schema. It is read at the first use: a synth that sets no piece of a Kubernetes object never pays for it. */
export function kubernetesSchema(): KubernetesSchema {
  loaded ??= JSON.parse(
    fs.readFileSync(path.join(__dirname, "..", kubernetesSchemaFile), "utf8"),
  ) as KubernetesSchema;
  return loaded;
}

/**
 * The type at a place in an object, `undefined` where the schema has no such field.
 *
 * @param place names of fields; `[]` is an item of a list, `*` a key of a map
 */
export function typeAt(
  schema: KubernetesSchema,
  apiVersion: string,
  kind: string,
  place: readonly string[],
): string | undefined {
  return place.reduce<string | undefined>(
    (type, segment) => (type === undefined ? undefined : fieldType(schema, type, segment)),
    schema.kinds[`${apiVersion} ${kind}`],
  );
}

/** The type of one field, list item or map entry of a type. */
export function fieldType(schema: KubernetesSchema, type: string, segment: string): string | undefined {
  if (type === "any") return "any";
  if (type.startsWith("[]")) return segment === "[]" ? type.slice(2) : undefined;
  if (type.startsWith("{}")) return segment === "[]" ? undefined : type.slice(2);
  return schema.types[type]?.[segment];
}

/** What the API server would drop or refuse in a piece of an object. */
export interface KubernetesFault {
  /** Keys and list positions, from the piece. */
  readonly path: readonly (string | number)[];
  /** `unknown`: there is no such field. `type`: there is, and it takes something else. */
  readonly fault: "unknown" | "type";
  /** The fields there are (`unknown`), or the type in words (`type`). */
  readonly allowed: readonly string[];
  readonly found: unknown;
}

/**
 * Holds a piece of an object against its type.
 *
 * @param known keys of the piece that are the chart's own and never reach Kubernetes, such as `enabled` of a probe
 */
export function kubernetesFaults(
  schema: KubernetesSchema,
  type: string,
  value: unknown,
  known: (path: readonly (string | number)[]) => boolean = () => false,
  at: readonly (string | number)[] = [],
): KubernetesFault[] {
  // Null is how Helm is told to leave a default out.
  if (value === null || type === "any") return [];
  const wrong = (allowed: string): KubernetesFault[] => [
    { path: at, fault: "type", allowed: [allowed], found: value },
  ];
  const below = (key: string | number, inner: unknown, innerType: string): KubernetesFault[] =>
    kubernetesFaults(schema, innerType, inner, known, [...at, key]);

  if (type.startsWith("[]")) {
    if (!Array.isArray(value)) return wrong("a list");
    return value.flatMap((item, i) => below(i, item, type.slice(2)));
  }
  if (type.startsWith("{}") || type in schema.types) {
    if (typeof value !== "object" || Array.isArray(value)) return wrong("a map");
    return Object.entries(value).flatMap(([key, inner]) => {
      const innerType = fieldType(schema, type, key);
      if (innerType !== undefined) return below(key, inner, innerType);
      if (known([...at, key])) return [];
      const fields = Object.keys(schema.types[type] ?? {});
      return [{ path: [...at, key], fault: "unknown" as const, allowed: fields, found: inner }];
    });
  }
  return scalarFits(type, value) ? [] : wrong(inWords(type));
}

/** A quantity as text, such as 500m or 4Gi. */
export const quantityPattern = /^[+-]?(\d+(\.\d*)?|\.\d+)([EPTGMK]i|[numkMGTPE]|[eE][+-]?\d+)?$/;

/** Types that are one value: what they are called in a message, and what the API server takes for them. */
const scalars: { readonly [type: string]: readonly [words: string, fits: (value: unknown) => boolean] } = {
  string: ["a string", (value) => typeof value === "string"],
  boolean: ["true or false", (value) => typeof value === "boolean"],
  number: ["a number", (value) => typeof value === "number"],
  integer: ["a whole number", Number.isInteger],
  "int-or-string": [
    "a whole number or a string",
    (value) => Number.isInteger(value) || typeof value === "string",
  ],
  quantity: [
    "a quantity such as 500m, 2 or 4Gi",
    (value) => typeof value === "number" || (typeof value === "string" && quantityPattern.test(value)),
  ],
};
/** Whether a scalar is what the API server takes for a type that is not a map or a list. */
export function scalarFits(type: string, value: unknown): boolean {
  if (type.startsWith("=")) return typeof value === "string" && type.slice(1).split("|").includes(value);
  return scalars[type]?.[1](value) ?? true;
}

/** A scalar type for a message. */
export function inWords(type: string): string {
  if (type.startsWith("=")) return `one of ${type.slice(1).split("|").filter(Boolean).join(", ")}`;
  return scalars[type]?.[0] ?? (type.startsWith("[]") ? "a list" : "a map");
}
