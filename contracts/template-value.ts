import { always, both, either, never, type Requirement } from "./requirement";

/**
 * How a template uses a value:
 * - `test`: asks whether it is there
 * - `list`, `map`: asks whether it is one, so that it may be something else as well
 * - `one`: takes it for the one item where it is no list
 * - `print`: prints it where it stands
 * - `value`: hands it to a function
 * - `number`: takes the number that it says, in quotes or not (`int`)
 * - `text`: prints it in quotes, so that a number or a switch becomes a text
 * - `whole`: prints it with everything in it (`toYaml`), so that it may hold any key
 * - `each`: goes through its items
 * - `entries`: goes through its keys and what they have
 */
export type Use =
  "test" | "list" | "map" | "one" | "print" | "value" | "number" | "text" | "whole" | "each" | "entries";

/** A place in the rendered text where a value goes. */
export interface Mark {
  /** Paths of the values that may go there. */
  readonly paths: readonly string[];
  /** Paths of values that go below it, by key. */
  readonly below: ReadonlyMap<string, readonly string[]>;
  /**
   * The value that is printed with everything in it, and what notes that it is: that counts only where it is not read again.
   *
   * @default - its parts are printed, each on its own
   */
  readonly whole?: { readonly value: Value; readonly note: () => void };
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
  /** It reads as that value does: `toString .Values.a` is "true" when `.Values.a` is true. @default - as none */
  readonly same?: Value;
  /** It is one of these, each only when that holds. @default - what it is does not depend on values, or is not known */
  readonly oneOf?: readonly Alternative[];
  /** It was read from this YAML. @default - it was not, or that is not known */
  readonly yaml?: string;
  /** What it returns as a function, such as `.Files.Get`. @default - it is none */
  readonly call?: (args: readonly Value[]) => Value;
  /** When it may be on, or off. @default - what else is known of it says so */
  readonly when?: (on: boolean) => Requirement;
}

/** What something is, and when. */
export interface Alternative {
  readonly needs: Requirement;
  readonly value: Value;
}

export const nothing: Value = { paths: [] };

/** A text that is known. */
export function constant(text: string): Value {
  return { paths: [], literal: text, text };
}

/** Of what is known only when the chart is rendered, such as its release. */
export const unknownText: Value = { paths: [], text: changedText };
export const unknownFields: ReadonlyMap<string, Value> = new Map([["*", unknownText]]);

/** Whether it is the value at one place and nothing else; `*` in its path is that of the entry that is looked at. */
export function isExact({ paths: [path, ...others], exact }: Value): boolean {
  return exact === true && Boolean(path) && !others.length;
}

/** When a value may be what Go templates take for true, or for false. Of what is not known, always. */
export function whenOn(value: Value, on: boolean): Requirement {
  if (value.when) return value.when(on);
  if (value.oneOf) return ofAny(value.oneOf, (one) => whenOn(one, on));
  if (value.literal !== undefined) {
    const isEmpty = value.text === undefined ? /^(false|nil|0*\.?0*)$/ : /^$/;
    return isEmpty.test(value.literal) === on ? never : always;
  }
  return isExact(value) ? [[on ? String(value.paths[0]) : `!${value.paths[0]}`]] : always;
}

/** When a value may be a constant, or may be another. */
export function whenEqual(value: Value, wanted: string, equal: boolean): Requirement {
  if (value.same) return whenEqual(value.same, wanted, equal);
  if (value.oneOf) return ofAny(value.oneOf, (one) => whenEqual(one, wanted, equal));
  if (value.literal !== undefined) return (value.literal === wanted) === equal ? always : never;
  return isExact(value) ? [[`${value.paths[0]}${equal ? "=" : "!="}${wanted}`]] : always;
}

function ofAny(alternatives: readonly Alternative[], when: (value: Value) => Requirement): Requirement {
  return alternatives.map(({ needs, value }) => both(needs, when(value))).reduce(either, never);
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

// Of more of them nobody can say when it is which.
const mostAlternatives = 8;

/** One of several, of which each is known when. @param together what they are together. @default - all of them */
export function choice(
  alternatives: readonly Alternative[],
  together = union(alternatives.map(({ value }) => value)),
): Value {
  const oneOf = flat(alternatives);
  return oneOf.length > mostAlternatives ? together : { ...together, oneOf };
}

/** Alternatives of which none has any itself. */
export function flat(alternatives: readonly Alternative[]): Alternative[] {
  return alternatives.flatMap(({ needs, value }) =>
    (value.oneOf ?? [{ needs: always, value }])
      .map((one) => ({ ...one, needs: both(needs, one.needs) }))
      .filter((one) => one.needs.length),
  );
}
