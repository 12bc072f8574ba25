import { always, both, type Requirement } from "./requirement";
import { type Alternative, constant, flat, isExact, unknownText, type Value, whenOn } from "./template-value";

/** What templates render: the text with every branch taken, and which text it may be with which values. */
export interface RenderedText {
  readonly text: string;
  readonly oneOf: readonly Alternative[];
}

// Of a longer text, or of more of them, nobody asks which it is.
const [mostTexts, longest] = [8, 60];

const someText: Value = { ...unknownText, when: (on) => (on ? always : []) };

/** Texts one after the other. */
export function joined(parts: readonly RenderedText[]): RenderedText {
  return {
    text: parts.map(({ text }) => text).join(""),
    oneOf: parts.reduce<readonly Alternative[]>((sum, { oneOf }) => product(sum, oneOf), plain("").oneOf),
  };
}

/** A text that is always the same. */
export function plain(text: string): RenderedText {
  return { text, oneOf: [{ needs: always, value: text.length > longest ? someText : constant(text) }] };
}

/** What one value prints. */
export function printed(value: Value, text: string): RenderedText {
  const oneOf = (value.oneOf ?? [{ needs: always, value }]).map((one) => ({
    ...one,
    value: textOf(one.value),
  }));
  return { text, oneOf };
}

/** What may be any of several texts, which are all in the text. */
export function anyOf(texts: readonly RenderedText[]): RenderedText {
  const oneOf = texts.flatMap((one) => one.oneOf);
  return { text: texts.map(({ text }) => text).join(""), oneOf: oneOf.length > mostTexts ? unknown : oneOf };
}

/** What a text may be, where something must hold for it. */
export function onlyWhen(needs: Requirement, { text, oneOf }: RenderedText): RenderedText {
  return { text, oneOf: flat(oneOf.map((one) => ({ ...one, needs: both(needs, one.needs) }))) };
}

const unknown: readonly Alternative[] = [{ needs: always, value: unknownText }];

function textOf(value: Value): Value {
  if (value.literal !== undefined) return constant(value.literal);
  // What is off may be printed as "false".
  const when = (on: boolean) => (on ? always : whenOn(value, false));
  const same = isExact(value) ? value : value.same;
  return { ...unknownText, when, ...(same && { same }) };
}

function product(first: readonly Alternative[], second: readonly Alternative[]): readonly Alternative[] {
  if (first.every(({ value }) => value === someText)) return first;
  if (first.length * second.length > mostTexts) return unknown;
  const all = first.flatMap((a) =>
    second.map((b) => ({ needs: both(a.needs, b.needs), value: concatenated(a.value, b.value) })),
  );
  const possible = all.filter(({ needs }) => needs.length > 0);
  return possible.length && possible.every(({ value }) => value === someText)
    ? [{ needs: always, value: someText }]
    : possible;
}

function concatenated(first: Value, second: Value): Value {
  if (first.literal === "") return second;
  if (second.literal === "") return first;
  if (first === someText || second === someText || first.literal || second.literal) {
    const text =
      first.literal !== undefined && second.literal !== undefined && first.literal + second.literal;
    return text && text.length <= longest ? constant(text) : someText;
  }
  const when = (on: boolean) => (on ? always : both(whenOn(first, false), whenOn(second, false)));
  return { ...unknownText, when };
}
