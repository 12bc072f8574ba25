import stringify from "json-stringify-pretty-compact";
import type { z } from "zod";

/**
 * A JSON Schema, draft 7: the newest that every editor's language server knows, with the two keywords that those servers add.
 *
 * @see https://json-schema.org/draft-07
 */
export type JsonSchema = {
  $schema?: string;
  $comment?: string;
  $ref?: string;
  title?: string;
  description?: string;
  default?: unknown;
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  minLength?: number;
  minItems?: number;
  minProperties?: number;
  items?: JsonSchema;
  required?: string[];
  properties?: { [key: string]: JsonSchema };
  propertyNames?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  allOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  not?: JsonSchema;
  if?: JsonSchema;
  then?: JsonSchema;
  else?: JsonSchema;
  definitions?: { [name: string]: JsonSchema };
  /** What an editor says of a value that does not fit. */
  errorMessage?: string;
  /** What an editor says of text that does not match `pattern`. */
  patternErrorMessage?: string;
  /** Whether an editor leaves the key out of what it offers. */
  doNotSuggest?: boolean;
};

/**
 * What a schema of zod takes, as JSON Schema. It never refuses what the schema takes; what JSON Schema cannot say, such as a
 * refinement, it leaves to the schema.
 */
export function jsonSchemaOf(schema: z.ZodTypeAny): JsonSchema {
  // Forty files, for those who write schemas alone.
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- most commands never come here
  const { ignoreOverride, zodToJsonSchema } = require("zod-to-json-schema") as ZodToJsonSchema;
  const converted = zodToJsonSchema(schema, {
    $refStrategy: "none",
    pipeStrategy: "input",
    errorMessages: true,
    override: (def, { currentPath }, seen) => {
      const { typeName, effect, coerce } = def as Definition;
      // What these make of their input may be anything.
      if (effect?.type === "preprocess" || coerce || typeName === "ZodCatch") return {};
      // A schema within itself.
      const isWithin =
        seen !== undefined &&
        seen.path.length < currentPath.length &&
        seen.path.every((part, index) => currentPath[index] === part);
      return isWithin ? {} : ignoreOverride;
    },
    postProcess: (found) => found && forEditors(found as Converted),
  }) as JsonSchema;
  delete converted.$schema;
  return converted;
}

function forEditors(converted: Converted): JsonSchema {
  const { errorMessage, default: value, propertyNames, ...rest } = converted;
  // Validators do not agree on what a format such as uri takes.
  delete rest.format;
  return {
    ...rest,
    // That a mapping may be left out says nothing.
    ...(value !== undefined && JSON.stringify(value) !== "{}" && { default: value }),
    ...(propertyNames && { propertyNames: forEditors(propertyNames) }),
    ...(errorMessage?.pattern && { patternErrorMessage: errorMessage.pattern }),
  };
}

type ZodToJsonSchema = typeof import("zod-to-json-schema");

/** What the kinds of schemas that take more than they hand on are known by. */
interface Definition {
  readonly typeName?: string;
  readonly effect?: { readonly type: string };
  readonly coerce?: boolean;
}

type Converted = Omit<JsonSchema, "errorMessage" | "propertyNames"> & {
  format?: string;
  readonly errorMessage?: { readonly pattern?: string };
  readonly propertyNames?: Converted;
};

/** A key that is refused whatever its value is, since it belongs elsewhere. */
export function refused(reason: string): JsonSchema {
  return {
    // Nothing is both: an editor has words of our own for a wrong type alone.
    type: "null",
    not: { type: "null" },
    errorMessage: reason,
    doNotSuggest: true,
  };
}

/**
 * Refuses the key at each path, which is of keys joined by dots, with where its value is decided instead. What says the same as the
 * chart may stand there.
 */
export function refuseDecided(schema: JsonSchema, decided: { readonly [path: string]: string }): JsonSchema {
  const result = structuredClone(schema);
  for (const [path, where] of Object.entries(decided)) {
    const names = path.split(".");
    const last = names.pop() ?? "";
    const parent = names.reduce((at, name) => (propertiesOf(at)[name] ??= anyKeyOf(at)), result);
    // Variables of a container: what has a name and is no key.
    if ([parent.type].flat().includes("array")) continue;
    propertiesOf(parent)[last] = unlessDefault(
      propertiesOf(parent)[last] ?? {},
      `is decided by ${where}: remove it here`,
    );
    if (parent.required) parent.required = parent.required.filter((key) => key !== last);
  }
  return result;
}

/** A schema that takes the defaults of another, and nothing else. */
export function unlessDefault({ default: own, properties = {} }: JsonSchema, reason: string): JsonSchema {
  const below = Object.entries(properties).map(
    ([key, schema]) => [key, unlessDefault(schema, reason)] as const,
  );
  if (below.some(([, { const: only, properties }]) => only !== undefined || properties)) {
    return {
      type: "object",
      properties: Object.fromEntries(below),
      additionalProperties: refused(reason),
      errorMessage: reason,
      doNotSuggest: true,
    };
  }
  return { ...refused(reason), ...(own !== undefined && { type: undefined, not: undefined, const: own }) };
}

function propertiesOf(schema: JsonSchema): { [key: string]: JsonSchema } {
  return (schema.properties ??= {});
}

/** What a key takes that is not named. */
function anyKeyOf({ additionalProperties: any }: JsonSchema): JsonSchema {
  return typeof any === "object" ? structuredClone(any) : {};
}

/** A schema as it is committed: what fits on a line stands on one. */
export function jsonSchemaText(title: string, schema: JsonSchema): string {
  const head = {
    $comment: "Generated by npm run schema: change that command, not this file.",
    $schema: "http://json-schema.org/draft-07/schema#",
    title,
  };
  return `${stringify({ ...head, ...schema, title }, { indent: 1, maxLength: 110 })}\n`;
}
