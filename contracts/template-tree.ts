import { scanTemplate, type Piece, type Token } from "./template-scanner";

/** An operand: something with a value. */
export type Operand =
  | { readonly kind: "dot"; readonly fields: readonly string[] }
  | { readonly kind: "variable"; readonly name: string; readonly fields: readonly string[] }
  | { readonly kind: "pipe"; readonly pipe: Pipe; readonly fields: readonly string[] }
  | { readonly kind: "literal"; readonly text: string; readonly string: boolean }
  | { readonly kind: "function"; readonly name: string };

/** `a | b c`: commands, each with its operands; what comes out of one is the last argument of the next. */
export interface Pipe {
  readonly variables: readonly string[];
  /** `=` in place of `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly (readonly Operand[])[];
}

export type TemplateNode =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "action"; readonly pipe: Pipe }
  | { readonly kind: "if" | "with"; readonly branches: readonly Branch[] }
  | {
      readonly kind: "range";
      readonly pipe: Pipe;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    }
  | { readonly kind: "template"; readonly name: string; readonly pipe?: Pipe };

export interface Branch {
  /** @default - the branch `else` */
  readonly pipe?: Pipe;
  readonly body: readonly TemplateNode[];
}

/** A parsed file: what it renders, and the named templates that it defines. */
export interface TemplateTree {
  readonly body: readonly TemplateNode[];
  readonly definitions: ReadonlyMap<string, readonly TemplateNode[]>;
}

/**
 * Parses a Go template.
 *
 * @param file what errors name
 * @throws Error where the template is none
 * @see https://pkg.go.dev/text/template
 */
export function parseTemplate(text: string, file: string): TemplateTree {
  const parser = new Parser(scanTemplate(text, file), file);
  const body = parser.nodes();
  return { body, definitions: parser.definitions };
}

class Parser {
  public readonly definitions = new Map<string, readonly TemplateNode[]>();
  private position = 0;
  /** The keyword that ended the last list of nodes, and what follows it: `else if …` or `end`. */
  private ending: readonly Token[] = [];

  constructor(
    private readonly pieces: readonly Piece[],
    private readonly file: string,
  ) {}

  /** Nodes up to an `else` or `end` that is not theirs, which is kept in {@link ending}. */
  public nodes(): TemplateNode[] {
    const nodes: TemplateNode[] = [];
    this.ending = [];
    for (;;) {
      const piece = this.pieces[this.position++];
      if (!piece) return nodes;
      if ("text" in piece) {
        nodes.push({ kind: "text", text: piece.text });
        continue;
      }
      const [keyword, ...rest] = piece.tokens;
      if (!keyword) continue;
      const word = keyword.kind === "name" ? keyword.text : "";
      if (word === "end" || word === "else") {
        this.ending = piece.tokens;
        return nodes;
      }
      if (word === "if" || word === "with") nodes.push(this.conditional(word, rest));
      else if (word === "range") nodes.push(this.range(rest));
      else if (word === "define" || word === "block") {
        const name = unquote(rest[0]?.text ?? "");
        this.definitions.set(name, this.nodes());
        if (word === "block") nodes.push({ kind: "template", name, pipe: this.pipe(rest.slice(1)) });
      } else if (word === "template") {
        const name = unquote(rest[0]?.text ?? "");
        nodes.push({ kind: "template", name, ...(rest.length > 1 && { pipe: this.pipe(rest.slice(1)) }) });
      } else if (word !== "break" && word !== "continue") {
        nodes.push({ kind: "action", pipe: this.pipe(piece.tokens) });
      }
    }
  }

  private conditional(kind: "if" | "with", condition: readonly Token[]): TemplateNode {
    const branches: Branch[] = [{ pipe: this.pipe(condition), body: this.nodes() }];
    while (this.ending[0]?.text === "else") {
      // `else`, `else if …` or `else with …`
      const condition = this.ending.slice(2);
      branches.push({ ...(condition.length && { pipe: this.pipe(condition) }), body: this.nodes() });
    }
    return { kind, branches };
  }

  private range(tokens: readonly Token[]): TemplateNode {
    const pipe = this.pipe(tokens);
    const body = this.nodes();
    const otherwise = this.ending[0]?.text === "else" ? this.nodes() : [];
    return { kind: "range", pipe, body, otherwise };
  }

  private pipe(tokens: readonly Token[]): Pipe {
    const sign = tokens.findIndex(
      ({ text, kind }) => kind === "punctuation" && (text === ":=" || text === "="),
    );
    const variables = sign < 0 ? [] : tokens.slice(0, sign).filter(({ kind }) => kind === "variable");
    const rest = tokens.slice(sign + 1);
    const commands = this.commands(rest);
    if (rest.length) this.fail(rest[0]);
    return { variables: variables.map(({ text }) => text), assigns: tokens[sign]?.text === "=", commands };
  }

  /** @param tokens is emptied up to a parenthesis that closes */
  private commands(tokens: Token[]): Operand[][] {
    const commands: Operand[][] = [[]];
    while (tokens.length && tokens[0]?.text !== ")") {
      const token = tokens.shift() as Token;
      if (token.text === "|") commands.push([]);
      else commands.at(-1)?.push(this.operand(token, tokens));
    }
    return commands;
  }

  private operand(token: Token, rest: Token[]): Operand {
    const fields = (): string[] =>
      rest[0]?.kind === "field" && rest[0].attached ? fieldsOf(rest.shift() as Token) : [];
    const { kind, text } = token;
    switch (kind) {
      case "dot":
        return { kind: "dot", fields: [] };
      case "field":
        return { kind: "dot", fields: fieldsOf(token) };
      case "variable":
        return { kind: "variable", name: text, fields: fields() };
      case "string":
        return { kind: "literal", text: unquote(text), string: true };
      case "constant":
        return { kind: "literal", text, string: false };
      case "name":
        return /^(true|false|nil)$/.test(text)
          ? { kind: "literal", text, string: false }
          : { kind: "function", name: text };
      default: {
        if (text !== "(") this.fail(token);
        const commands = this.commands(rest);
        if (rest.shift()?.text !== ")") this.fail(token);
        return { kind: "pipe", pipe: { variables: [], assigns: false, commands }, fields: fields() };
      }
    }
  }

  private fail(token: Token | undefined): never {
    throw new Error(`${this.file}: not a Go template near ${token?.text ?? "its end"}`);
  }
}

function fieldsOf({ text }: Token): string[] {
  return text.slice(1).split(".");
}

function unquote(text: string): string {
  if (text.startsWith("`")) return text.slice(1, -1);
  // Go's escapes that JSON does not know are of no use in a key.
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}
