import type { z } from "zod";
import { nearest } from "./nearest";
import { SettingsError } from "./settings-error";

/**
 * Holds data against a schema and turns the first fault of each key into one line that names file, key, what was found,
 * what is allowed and, for a key that is not known, the nearest right one.
 *
 * @param file what the messages name, relative to the repository
 * @throws SettingsError with one line a fault
 */
export function check<S extends z.ZodTypeAny>(schema: S, data: unknown, file: string): z.output<S> {
  const result = schema.safeParse(data);
  if (result.success) return result.data as z.output<S>;
  const lines = result.error.issues.flatMap((issue) => describe(issue, data, schema));
  throw new SettingsError([...new Set(lines)].map((line) => `${file}: ${line}`).join("\n"));
}

function describe(issue: z.ZodIssue, data: unknown, schema: z.ZodTypeAny): string[] {
  const key = keyOf(issue.path);
  switch (issue.code) {
    case "unrecognized_keys": {
      const known = keysAt(schema, issue.path);
      return issue.keys.map((unknown) => {
        const meant = nearest(unknown, known);
        const full = keyOf([...issue.path, unknown]);
        return `${full}: unknown key${meant ? `, did you mean ${meant}?` : ""} (allowed: ${known.join(", ")})`;
      });
    }
    case "invalid_type":
      return issue.received === "undefined"
        ? [`${key}: missing, expected ${article(issue.expected)}`]
        : [`${key}: expected ${article(issue.expected)}, found ${show(valueAt(data, issue.path))}`];
    case "invalid_enum_value": {
      const meant = nearest(String(issue.received), issue.options.map(String));
      return [
        `${key}: found ${show(issue.received)}${meant ? `, did you mean ${meant}?` : ""} (allowed: ${issue.options.join(", ")})`,
      ];
    }
    case "invalid_union_discriminator":
      return [
        `${key}: found ${show(valueAt(data, issue.path))} (allowed: ${issue.options.map(String).join(", ")})`,
      ];
    case "too_small":
    case "too_big":
    case "invalid_string":
    case "custom":
      return [`${key}: ${lowerFirst(issue.message)}, found ${show(valueAt(data, issue.path))}`];
    default:
      return [`${key}: ${lowerFirst(issue.message)}`];
  }
}

/** `librechat.ingress.hosts[0]`, or "top level". */
export function keyOf(path: (string | number)[]): string {
  if (path.length === 0) return "top level";
  return path
    .map((part, i) => (typeof part === "number" ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join("");
}

/** The keys that the schema knows at a path: zod does not hand them over with the issue. */
export function keysAt(schema: z.ZodTypeAny, path: (string | number)[]): string[] {
  let at = unwrap(schema);
  for (const part of path) {
    const definition = at._def as { type?: z.ZodTypeAny; valueType?: z.ZodTypeAny };
    const shape = "shape" in at ? (at.shape as Record<string, z.ZodTypeAny>) : undefined;
    const next = shape?.[String(part)] ?? definition.valueType ?? definition.type;
    if (!next) return [];
    at = unwrap(next);
  }
  if ("shape" in at) return Object.keys(at.shape as object);
  const options = (at._def as { options?: z.ZodTypeAny[] }).options ?? [];
  return [...new Set(options.flatMap((option) => keysAt(option, [])))];
}

function unwrap(schema: z.ZodTypeAny): z.ZodTypeAny {
  const { innerType, schema: inner } = schema._def as { innerType?: z.ZodTypeAny; schema?: z.ZodTypeAny };
  const next = innerType ?? inner;
  return next ? unwrap(next) : schema;
}

function valueAt(data: unknown, path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (at, part) => (at as Record<string | number, unknown> | undefined)?.[part],
    data,
  );
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function article(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
