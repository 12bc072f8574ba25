/**
 * How a template uses a value:
 * - `test`: asks whether it is there
 * - `value`: prints it, or hands it to a function
 * - `text`: prints it in quotes, so that a number or a switch becomes a text
 * - `whole`: prints it with everything in it (`toYaml`), so that it may hold any key
 * - `each`: goes through its items
 * - `entries`: goes through its keys and what they have
 */
export type Use = "test" | "value" | "text" | "whole" | "each" | "entries";

/** A place in the rendered text where a value goes. */
export interface Mark {
  /** Paths of the values that may go there. */
  readonly paths: readonly string[];
  /** Paths of values that go below it, by key. */
  readonly below: ReadonlyMap<string, readonly string[]>;
}

/** Stands in rendered text for mark number N. */
export const markPattern = /\u0001(\d+)\u0002/g;
/** Follows a mark whose value is changed on its way, so that what is rendered says nothing about its type. */
export const changedText = "\u0003";

/** What may be in the place of a value: all that follows may be true at once. */
export interface Value {
  readonly paths: readonly string[];
  /** Entries of a `dict`, or of what the templates of a chart have as their `.` @default - it is no map */
  readonly fields?: ReadonlyMap<string, Value>;
  /** Items of a `list`. @default - it is no `list` */
  readonly items?: readonly Value[];
  /** Text with marks. @default - it is no text */
  readonly text?: string;
  /** A constant. @default - it is no constant */
  readonly literal?: string;
  /** It is the value at its one path and nothing else: a test of it is a test of that value. @default false */
  readonly exact?: boolean;
}

export const nothing: Value = { paths: [] };

/** Of what is known only when the chart is rendered, such as its release. */
export const unknownFields: ReadonlyMap<string, Value> = new Map([["*", { paths: [], text: changedText }]]);

/** Whether it is the value at one place, which is known, and nothing else. */
export function isExact({ paths: [path, ...others], exact }: Value): boolean {
  return exact === true && Boolean(path) && !path?.includes("*") && !others.length;
}

/** What may be any of them. */
export function union(values: readonly Value[]): Value {
  const fields = new Map<string, Value>();
  for (const value of values) {
    for (const [key, entry] of value.fields ?? []) {
      const known = fields.get(key);
      fields.set(key, known ? union([known, entry]) : entry);
    }
  }
  // A list that grows in a loop has its own items again and again.
  const items = [...new Set(values.flatMap((value) => value.items ?? []))];
  const text = [...new Set(values.map((value) => value.text ?? ""))].join("");
  return {
    paths: [...new Set(values.flatMap(({ paths }) => paths))],
    ...(fields.size && { fields }),
    ...(items.length && { items }),
    ...(text && { text }),
  };
}
