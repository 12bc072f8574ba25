/** One token of an action: `{{ .Values.a | quote }}` has a field, a pipe and a name. */
export interface Token {
  readonly kind: "field" | "variable" | "name" | "string" | "constant" | "punctuation" | "dot";
  readonly text: string;
  /** Whether it follows what is before it without a space, as the field in `(index .Values "a").b` does. */
  readonly attached: boolean;
}

/** A template is text and actions in turn. */
export type Piece = { readonly text: string } | { readonly tokens: readonly Token[]; readonly line: number };

// In the order in which they are tried. A string may hold braces and a comment may hold anything.
const patterns: readonly (readonly [Token["kind"] | "space", RegExp])[] = [
  ["space", /\s+/y],
  ["string", /"(?:[^"\\\n]|\\.)*"|`[^`]*`/y],
  ["constant", /'(?:[^'\\]|\\.)+'|[+-]?\d[\w.]*/y],
  ["punctuation", /:=|[=|(),]/y],
  ["field", /(?:\.[A-Za-z_]\w*)+/y],
  ["variable", /\$\w*/y],
  ["dot", /\./y],
  ["name", /[A-Za-z_]\w*/y],
];

const comment = /\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}/y;
const end = /\s*-?\}\}/y;

/**
 * Cuts a Go template into text and actions, with the white space that `{{-` and `-}}` take away gone already.
 *
 * @param file what errors name
 * @throws Error where the template is none
 * @see https://pkg.go.dev/text/template#hdr-Text_and_spaces
 */
export function scanTemplate(text: string, file: string): Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  let trimNext = false;
  while (position < text.length) {
    const open = text.indexOf("{{", position);
    let before = text.slice(position, open < 0 ? undefined : open);
    if (trimNext) before = before.trimStart();
    if (open < 0) {
      pieces.push({ text: before });
      break;
    }
    if (/^\{\{-\s/.test(text.slice(open, open + 4))) before = before.trimEnd();
    if (before) pieces.push({ text: before });
    comment.lastIndex = open;
    const skipped = comment.exec(text);
    if (skipped) {
      position = comment.lastIndex;
    } else {
      const tokens: Token[] = [];
      position = scanAction(text, open, tokens, file);
      pieces.push({ tokens, line: lineOf(text, open) });
    }
    trimNext = text.slice(position - 3, position) === "-}}";
  }
  return pieces;
}

function scanAction(text: string, open: number, tokens: Token[], file: string): number {
  let position = open + (/^\{\{-\s/.test(text.slice(open, open + 4)) ? 3 : 2);
  let attached = false;
  for (;;) {
    end.lastIndex = position;
    if (end.test(text)) return end.lastIndex;
    const token = nextToken(text, position);
    if (!token)
      throw new Error(
        `${file}:${lineOf(text, position)}: not a Go template: ${text.slice(position, position + 20)}`,
      );
    position += token.text.length;
    if (token.kind === "space") {
      attached = false;
    } else {
      tokens.push({ kind: token.kind, text: token.text, attached });
      attached = true;
    }
  }
}

function nextToken(
  text: string,
  position: number,
): { kind: Token["kind"] | "space"; text: string } | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found) return { kind, text: found[0] };
  }
  return undefined;
}

function lineOf(text: string, position: number): number {
  return text.slice(0, position).split("\n").length;
}
