import type { z } from "zod";
import { nearest } from "./nearest";
import { quoted } from "./quoted";
import { valueAt } from "./yaml-file";
import { SettingsError } from "./settings-error";

/**
 * Holds data against a schema and turns the first fault of each key into one line that names file, key, what was found,
 * what is allowed and, for a key that is not known, the nearest right one.
 *
 * @param file what the messages name, relative to the repository; or what they begin with, by the path of what is wrong
 * @param within keys of the file that lead to the data. @default - the data is all of the file
 * @throws SettingsError with one line a fault
 */
export function check<S extends z.ZodTypeAny>(
  schema: S,
  data: unknown,
  file: string | Place,
  within: readonly string[] = [],
): z.output<S> {
  const result = schema.safeParse(data);
  if (result.success) return result.data as z.output<S>;
  const faults = result.error.issues.flatMap((issue) => describe(issue, data, schema, within));
  // Of two faults of one key the second follows from the first.
  const first = faults.filter(({ key }, i) => faults.findIndex((other) => other.key === key) === i);
  const place = typeof file === "string" ? (path: KeyPath) => `${file}: ${keyOf(path)}` : file;
  throw new SettingsError(first.map(({ path, text }) => `${place(path)}: ${text}`).join("\n"));
}

/** Keys and places in lists. */
export type KeyPath = readonly (string | number)[];

/** Where something stands, as a message begins: file, and line where it is known, and key. */
export type Place = (path: KeyPath) => string;

interface Fault {
  readonly path: KeyPath;
  readonly key: string;
  readonly text: string;
}

function describe(
  issue: z.ZodIssue,
  data: unknown,
  schema: z.ZodTypeAny,
  within: readonly string[],
): Fault[] {
  const at = [...within, ...issue.path];
  const value = valueAt(data, issue.path);
  const called = at.filter((part) => typeof part === "string").at(-1);
  const foundValue = isCredential(at) ? "something else, which is not shown" : quoted(value, called);
  const fault = (text: string, ...below: string[]): Fault => {
    const whole = [...at, ...below];
    // What is written in the place of a key may be its value, too.
    const path = isCredential(at)
      ? whole.map((part) => (typeof part === "string" ? part.replace(/[=:\s].*$/s, "…") : part))
      : whole;
    return { path, key: keyOf(path), text };
  };
  const found = isBadKey(schema, issue.path, data)
    ? quoted(issue.path.at(-1)).replace(/[=:\s].*$/s, '…"')
    : foundValue;
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysAt(schema, issue.path, data);
      return issue.keys.map((unknown) => {
        const meant = nearest(unknown, known);
        return fault(
          `unknown key${meant ? `, did you mean ${meant}?` : ""} (allowed: ${known.join(", ")})`,
          unknown,
        );
      });
    }
    case "invalid_type":
      return [fault(wrongType(issue.expected, value, found))];
    case "invalid_union":
      return nearestWay(issue).flatMap((one) => describe(one, data, schema, within));
    case "invalid_literal":
      return [fault(notAllowed(value, [String(issue.expected)], found))];
    case "invalid_enum_value":
    case "invalid_union_discriminator":
      return [fault(notAllowed(value, issue.options.map(String), found))];
    case "custom":
      // A message that does not say what was expected explains what was found, and what to do about it.
      if (!issue.message.startsWith("expected")) return [fault(`found ${foundValue}: ${issue.message}`)];
      return [fault(`${issue.message}, found ${found}`)];
    case "too_small":
    case "too_big":
    case "invalid_string":
      return [fault(`${lowerFirst(issue.message)}, found ${found}`)];
    default:
      return [fault(lowerFirst(issue.message))];
  }
}

/**
 * Of what may be one of several, what keeps it from being the one that it is nearest to. What several allow at one place is allowed
 * there together.
 */
function nearestWay({ unionErrors }: z.ZodInvalidUnionIssue): z.ZodIssue[] {
  const ways = unionErrors.map(({ issues }) => issues);
  const least = Math.min(...ways.map((issues) => issues.length));
  const near = ways.filter((issues) => issues.length === least);
  return (near[0] ?? []).map((issue) => {
    const at = (of: z.ZodIssue[][]): z.ZodIssue[] =>
      of.flat().filter(({ path }) => keyOf(path) === keyOf(issue.path));
    const words = at(ways).flatMap(wordsOf);
    if (issue.code === "invalid_literal") {
      return { ...issue, code: "invalid_enum_value", received: "", options: [...new Set(words)] };
    }
    if (issue.code !== "invalid_type") return issue;
    const kinds = at(near).flatMap((one) => (one.code === "invalid_type" ? [one.expected] : []));
    const expected = [...new Set(kinds)].map((kind) => types[kind] ?? kind);
    return expected.length > 1 ? { ...issue, expected: expected.join(" or ") as z.ZodParsedType } : issue;
  });
}

/** The words that a place may hold, by what is said of another. */
function wordsOf(issue: z.ZodIssue): string[] {
  if (issue.code === "invalid_literal") return [String(issue.expected)];
  if (issue.code === "invalid_enum_value") return issue.options.map(String);
  return issue.code === "invalid_union"
    ? issue.unionErrors.flatMap(({ issues }) => issues).flatMap(wordsOf)
    : [];
}

/** Whoever writes a credential there, where only its origin belongs, must not find it in a log. */
function isCredential(path: readonly (string | number)[]): boolean {
  return path.length > 2 && path.slice(-2).includes("credentials");
}

function wrongType(expected: string, value: unknown, found: string): string {
  // zod names an enum by its values: 'nvidia' | 'amd'.
  if (expected.startsWith("'")) return notAllowed(value, expected.slice(1, -1).split("' | '"), found);
  const type = types[expected] ?? expected;
  if (value === undefined) return `missing, expected ${type}`;
  // YAML reads 4, yes or 2026-01-31 as something else than text.
  const quotable = expected === "string" && (typeof value !== "object" || value instanceof Date);
  return `expected ${type}, found ${found}${quotable ? ": put it in quotes" : ""}`;
}

function notAllowed(value: unknown, options: string[], found: string): string {
  const allowed = `(allowed: ${options.join(", ")})`;
  if (value === undefined) return `missing ${allowed}`;
  const meant = nearest(String(value), options);
  return `found ${found}${meant ? `, did you mean ${meant}?` : ""} ${allowed}`;
}

/** The words of YAML for the types of JavaScript. */
const types: { readonly [type: string]: string } = {
  object: "a mapping",
  array: "a list",
  string: "a string",
  number: "a number",
  integer: "a whole number",
  boolean: "true or false",
};

/** `chat.ingress.hosts[0]`, or "top level". */
export function keyOf(path: KeyPath): string {
  if (path.length === 0) return "top level";
  return path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join("");
}

/** The keys that the schema knows at a path of the data: zod does not hand them over with the issue. */
export function keysAt(schema: z.ZodTypeAny, path: (string | number)[], data: unknown): string[] {
  const shapes = schemasAt(schema, path, data).map((at) => ("shape" in at ? (at.shape as object) : {}));
  return [...new Set(shapes.flatMap((shape) => Object.keys(shape)))];
}

/** Whether a path ends with a key that its mapping does not allow: zod hands that over as a fault of the value. */
function isBadKey(schema: z.ZodTypeAny, path: (string | number)[], data: unknown): boolean {
  return schemasAt(schema, path.slice(0, -1), data).some(
    (at) => (at._def as Definition).keyType?.safeParse(path.at(-1)).success === false,
  );
}

/** The schemas of what is at a path of the data: several where it may be one of several. */
function schemasAt(schema: z.ZodTypeAny, path: (string | number)[], data: unknown): z.ZodTypeAny[] {
  const at = unwrap(schema);
  const { type, valueType, options, discriminator, optionsMap } = at._def as Definition;
  if (options) {
    const chosen = discriminator && optionsMap?.get(valueAt(data, [discriminator]));
    return (chosen ? [chosen] : options).flatMap((option) => schemasAt(option, path, data));
  }
  const [part, ...rest] = path;
  if (part === undefined) return [at];
  const shape = "shape" in at ? (at.shape as Record<string, z.ZodTypeAny>) : undefined;
  const next = shape?.[String(part)] ?? valueType ?? type;
  return next ? schemasAt(next, rest, valueAt(data, [part])) : [];
}

/** What the kinds of schemas that hold others keep them under. */
interface Definition {
  readonly type?: z.ZodTypeAny;
  readonly valueType?: z.ZodTypeAny;
  readonly keyType?: z.ZodTypeAny;
  readonly options?: readonly z.ZodTypeAny[];
  readonly discriminator?: string;
  readonly optionsMap?: ReadonlyMap<unknown, z.ZodTypeAny>;
}

function unwrap(schema: z.ZodTypeAny): z.ZodTypeAny {
  const { innerType, schema: inner } = schema._def as { innerType?: z.ZodTypeAny; schema?: z.ZodTypeAny };
  const next = innerType ?? inner;
  return next ? unwrap(next) : schema;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
