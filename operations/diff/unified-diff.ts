import { structuredPatch } from "diff";
import { isDeepStrictEqual } from "node:util";
import { toYaml } from "../../settings/yaml-file";

/** Lines of unchanged text around a change. */
const context = 2;

/** What differs between two values, in lines. */
export interface LineDiff {
  /** Unified form of the sorted YAML, each piece under the keys that lead to it; empty where nothing differs. */
  readonly text: string;
  readonly added: number;
  readonly removed: number;
}

/** Whether two values are the same, whatever the order of their keys. */
export function same(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b) || toYaml(a ?? null) === toYaml(b ?? null);
}

/** Compares two values as sorted YAML. A side that is undefined is empty. */
export function unifiedDiff(old: unknown, planned: unknown): LineDiff {
  if (isDeepStrictEqual(old, planned)) return { text: "", added: 0, removed: 0 };
  const before = old === undefined ? "" : toYaml(old);
  const after = planned === undefined ? "" : toYaml(planned);
  if (before === after) return { text: "", added: 0, removed: 0 };
  const { hunks } = structuredPatch("", "", before, after, undefined, undefined, { context });
  const sides = { "-": before.split("\n"), "+": after.split("\n") };
  // Lines that begin with a backslash are what the library says of a file without a final line break.
  const pieces = hunks.map((hunk) => ({
    ...hunk,
    lines: hunk.lines.filter((line) => !line.startsWith("\\")),
  }));
  const text = pieces.flatMap(({ oldStart, newStart, lines }) => {
    const first = lines.findIndex((line) => line.startsWith("-") || line.startsWith("+"));
    const keys = lines[first]?.startsWith("-")
      ? keysAbove(sides["-"], oldStart - 1 + first)
      : keysAbove(sides["+"], newStart - 1 + first);
    return [`@@ ${keys.join(".")}`.trimEnd(), ...lines];
  });
  const count = (sign: string) =>
    pieces.flatMap(({ lines }) => lines).filter((line) => line.startsWith(sign)).length;
  return { text: text.join("\n"), added: count("+"), removed: count("-") };
}

/** The keys that a line of YAML is nested in, such as `spec`, `containers[chat]`. */
function keysAbove(lines: readonly string[], index: number): string[] {
  const keys: string[] = [];
  let item = "";
  let indent = contentIndent(lines[index] ?? "");
  for (let i = index; i >= 0 && indent > 0; i--) {
    const line = lines[i] ?? "";
    const content = contentIndent(line);
    if (i < index && line.trim() !== "" && content < indent) {
      keys.unshift(`${/^(?:- )?["']?([^"':]+)["']?:/.exec(line.trim())?.[1] ?? ""}${item}`);
      item = "";
      indent = content;
    }
    // An item begins on the line of its first key.
    if (content === indent && content > indentOf(line)) {
      item = `[${itemName(lines, i, content)}]`;
      indent = indentOf(line);
    }
  }
  return keys;
}

/** What tells an item of a list from the others: its name, or nothing. */
function itemName(lines: readonly string[], start: number, indent: number): string {
  for (let i = start; i < lines.length; i++) {
    const line = lines[i] ?? "";
    // An empty line is part of a text of many lines.
    if (i > start && line.trim() !== "" && indentOf(line) < indent) return "";
    const name = new RegExp(`^ {${indent - 2}}(?:- |  )name: (.*)$`).exec(line)?.[1];
    if (name) return name;
  }
  return "";
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Where a line's key begins: after the dash of an item. */
function contentIndent(line: string): number {
  return indentOf(line) + (line.trimStart().startsWith("- ") ? 2 : 0);
}
