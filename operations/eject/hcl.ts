/** An expression as it is written, such as `file("values.yaml")`. */
export class Expression {
  constructor(public readonly text: string) {}
}

/** A body of Terraform's JSON syntax, which may hold an {@link Expression} in the place of any value. */
export interface Body {
  readonly [name: string]: unknown;
}

/** What of a body is a block, by name, and what is in each: everything else is an attribute. JSON does not tell them apart. */
export interface Blocks {
  readonly [name: string]: Blocks;
}

/** Why something in a block is as it is, where that cannot be seen; `path` is of names, such as `spec.selector`. */
export type ReasonFor = (path: string) => string | undefined;

/** What stands first and last, as people write it; between them what is of one line, what is of several, and blocks. */
const first = ["name", "namespace", "repository", "chart", "version", "type", "description"];
const last = ["timeouts", "lifecycle", "depends_on"];

/**
 * A block of HCL. What stands beside each other is not aligned: `terraform fmt` does that.
 *
 * @param head such as `["resource", "helm_release", "chat"]`
 * @param blocks what of its body is a block
 */
export function blockText(
  [type = "", ...labels]: readonly string[],
  body: Body,
  blocks: Blocks,
  reasonFor: ReasonFor = () => undefined,
): string {
  return [
    ...comment(reasonFor("")),
    ...blockLines(type, labels, body, { blocks, reasonFor, path: [] }),
    "",
  ].join("\n");
}

/** Assignments alone, as in a file of variables' values. */
export function assignmentsText(body: Body): string {
  return Object.entries(body)
    .map(([name, value]) => `${name} = ${expressionText(value)}\n`)
    .join("");
}

interface Place {
  readonly blocks: Blocks;
  readonly reasonFor: ReasonFor;
  readonly path: readonly string[];
}

function blockLines(type: string, labels: readonly string[], body: Body, place: Place): string[] {
  const head = [type, ...labels.map((label) => JSON.stringify(label))].join(" ");
  const lines = bodyLines(body, place);
  return lines.length ? [`${head} {`, ...lines.map(indented), "}"] : [`${head} {}`];
}

function bodyLines(body: Body, { blocks, reasonFor, path }: Place): string[] {
  const rank = (name: string): number => {
    if (first.includes(name)) return first.indexOf(name) - first.length;
    if (last.includes(name)) return 3 + last.indexOf(name);
    return name in blocks ? 2 : Number(typeof body[name] === "object");
  };
  const names = Object.keys(body).sort((one, other) => rank(one) - rank(other));
  const groups = names.flatMap((name): { comment: string[]; lines: string[] }[] => {
    const at = [...path, name];
    const reason = comment(reasonFor(at.join(".")));
    const inner = blocks[name];
    if (!inner) return [{ comment: reason, lines: `${name} = ${expressionText(body[name])}`.split("\n") }];
    const bodies = (Array.isArray(body[name]) ? body[name] : [body[name]]) as Body[];
    return bodies.map((one, index) => ({
      comment: index === 0 ? reason : [],
      lines: blockLines(name, [], one, { blocks: inner, reasonFor, path: at }),
    }));
  });
  // A blank line around whatever is of several lines, or has a reason above it.
  return groups.flatMap(({ comment, lines }, index) => {
    const before = groups[index - 1];
    const apart = before && (before.lines.length > 1 || lines.length > 1 || comment.length > 0);
    return [...(apart ? [""] : []), ...comment, ...lines];
  });
}

/** @param value of Terraform's JSON syntax, whose texts are templates, or an {@link Expression} */
export function expressionText(value: unknown): string {
  if (value instanceof Expression) return value.text;
  if (typeof value === "string") return templateText(value);
  if (typeof value !== "object" || value === null) return String(value);
  const isList = Array.isArray(value);
  const items = isList
    ? value.map((item) => expressionText(item))
    : Object.entries(value).map(([name, item]) => `${keyText(name)} = ${expressionText(item)}`);
  const [open, close] = isList ? "[]" : "{}";
  const line = items.join(", ");
  if (!items.length || (isList && line.length < 80 && !line.includes("\n"))) return `${open}${line}${close}`;
  const lines = items.flatMap((item) => `${item}${isList ? "," : ""}`.split("\n").map(indented));
  return [open, ...lines, close].join("\n");
}

function keyText(name: string): string {
  // A name that begins like a loop would be read as one.
  return /^(?!for$)[A-Za-z_]\w*$/.test(name) ? name : templateText(name);
}

/** A template of JSON, where a backslash is one, as HCL has it; one that is an expression and nothing else is that. */
function templateText(text: string): string {
  const parts = templateParts(text);
  const [only] = parts;
  if (parts.length === 1 && only?.isExpression && text.startsWith("$")) return text.slice(2, -1);
  // A heredoc ends with a line's end, and loses the space that all of its lines begin with.
  if (text.trimEnd().includes("\n") && /^\S/m.test(text) && !/\r|^EOT$/m.test(text)) {
    const lines = text.replace(/\n$/, "").split("\n").map(indented);
    return [`${text.endsWith("\n") ? "" : "chomp"}(<<-EOT`, ...lines, "EOT", ")"].join("\n");
  }
  const quoted = parts.map((part) =>
    part.isExpression ? part.text : JSON.stringify(part.text).slice(1, -1),
  );
  return `"${quoted.join("")}"`;
}

/** The expressions of a template, each with its `${` and `}`, and what stands between them, where `$${` is a text. */
export function templateParts(text: string): { readonly text: string; readonly isExpression: boolean }[] {
  const parts: { text: string; isExpression: boolean }[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (/^([$%])\1\{/.test(text.slice(at, at + 3))) at += 2;
    else if (/^[$%]\{/.test(text.slice(at, at + 2))) {
      const end = expressionEnd(text, at + 2);
      parts.push(
        { text: text.slice(from, at), isExpression: false },
        { text: text.slice(at, end), isExpression: true },
      );
      from = end;
      at = end - 1;
    }
  }
  parts.push({ text: text.slice(from), isExpression: false });
  return parts.filter((part) => part.text !== "");
}

/** Behind the brace that closes an expression: braces in its texts do not count, unless an expression of theirs is in them. */
function expressionEnd(text: string, from: number): number {
  let at = from;
  for (let depth = 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') at = quotedEnd(text, at + 1) - 1;
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return at + 1;
  }
  return at;
}

function quotedEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charAt(at) !== '"') {
    if (text.charAt(at) === "\\") at += 2;
    else if (/^([$%])\1\{/.test(text.slice(at, at + 3))) at += 3;
    else at = /^[$%]\{/.test(text.slice(at, at + 2)) ? expressionEnd(text, at + 2) : at + 1;
  }
  return at + 1;
}

/** Lines that a narrow window shows. */
export function comment(text: string | undefined): string[] {
  return (text ?? "").match(/.{1,105}(?=\s|$)/g)?.map((line) => `# ${line.trim()}`) ?? [];
}

function indented(line: string): string {
  return line === "" ? "" : `  ${line}`;
}
