/** One token of an action: `{{ .Values.a | quote }}` has a field, a pipe and a name. */
export interface Token {
  readonly kind: "field" | "variable" | "name" | "string" | "constant" | "punctuation" | "dot";
  readonly text: string;
  /** Whether it follows what is before it without a space, as the field in `(index .Values "a").b` does. */
  readonly attached: boolean;
}

/** A template is text and actions in turn. */
export type Piece = { readonly text: string } | { readonly tokens: readonly Token[] };

// A string may hold braces and a comment may hold anything.
const action =
  /\{\{(-(?=\s))?(?:\s*\/\*[\s\S]*?\*\/\s*|((?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\]|\\.)+'|[^"`'])*?))(-)?\}\}/g;

// In the order in which they are tried.
const token =
  /(?<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?<constant>'(?:[^'\\]|\\.)+'|[+-]?\d[\w.]*)|(?<punctuation>:=|[=|(),])|(?<field>(?:\.[A-Za-z_]\w*)+)|(?<variable>\$\w*)|(?<dot>\.)|(?<name>[A-Za-z_]\w*)|(?<other>\S)/g;

/**
 * Cuts a Go template into text and actions, with the white space that `{{-` and `-}}` take away gone already.
 *
 * @param file what errors name
 * @throws Error where the template is none
 * @see https://pkg.go.dev/text/template#hdr-Text_and_spaces
 */
export function scanTemplate(template: string, file: string): Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  let trimsStart = false;
  const text = (end: number, trimsEnd: boolean): void => {
    const whole = template.slice(position, end);
    if (whole.includes("{{")) fail(file, template, position + whole.indexOf("{{"));
    const start = trimsStart ? whole.trimStart() : whole;
    const trimmed = trimsEnd ? start.trimEnd() : start;
    if (trimmed) pieces.push({ text: trimmed });
  };
  for (const found of template.matchAll(action)) {
    const [whole, left, body, right] = found;
    text(found.index, left !== undefined);
    if (body !== undefined) {
      const offset = found.index + 2 + (left?.length ?? 0);
      pieces.push({ tokens: scanAction(body, (at) => fail(file, template, offset + at)) });
    }
    position = found.index + whole.length;
    trimsStart = right !== undefined;
  }
  text(template.length, false);
  return pieces;
}

function scanAction(body: string, refuse: (position: number) => never): Token[] {
  let end = -1;
  return [...body.matchAll(token)].map((found) => {
    const [kind, text = ""] = Object.entries(found.groups ?? {}).find(([, one]) => one !== undefined) ?? [];
    if (kind === "other") refuse(found.index);
    const attached = found.index === end;
    end = found.index + text.length;
    return { kind: kind as Token["kind"], text, attached };
  });
}

function fail(file: string, template: string, position: number): never {
  const line = template.slice(0, position).split("\n").length;
  throw new Error(`${file}:${line}: not a Go template: ${template.slice(position, position + 20)}`);
}
