import Table from "cli-table3";

/** What a terminal has, in characters. */
const width = 80;

/** The table draws no lines: its columns are told apart by a gap alone. */
const chars = {
  ...Object.fromEntries(
    ["top", "bottom", "left", "right", "mid"].flatMap((name) =>
      [name, `${name}-mid`, `${name}-left`, `${name}-right`].map((place) => [place, ""]),
    ),
  ),
  middle: "  ",
};

/**
 * Rows in columns without borders, wrapped; words that are longer than their column are broken.
 *
 * @param widths of the columns, in characters; two spaces come between them. Default of the last: the rest of 80
 */
export function columns(widths: readonly number[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const [first = []] = rows;
  const rest = width - widths.reduce((sum, one) => sum + one + 2, 0);
  const colWidths = widths.length < first.length ? [...widths, rest] : [...widths];
  const table = new Table({
    chars,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    colWidths,
    wordWrap: true,
  });
  table.push(
    ...rows.flatMap(linesOf).map((line) => line.map((cell, i) => broken(cell, colWidths[i] ?? width))),
  );
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Lines that a mark stands before, wrapped beside it. */
export function marked(mark: string, lines: readonly string[]): string {
  return columns(
    [4],
    lines.map((line) => [`   ${mark}`, line]),
  );
}

/** Sections under their headings, an empty line between them; those without content are left out. */
export function sections(parts: readonly (string | readonly [heading: string, content: string])[]): string {
  const texts = parts.map((part) => {
    if (typeof part === "string") return part;
    return part[1] && part.join("\n");
  });
  return `${texts.filter(Boolean).join("\n\n")}\n`;
}

/** A row for each line of the longest cell: the table takes seconds for a cell of a hundred lines. */
function linesOf(row: readonly string[]): string[][] {
  const cells = row.map((cell) => cell.split("\n"));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, i) => cells.map((lines) => lines[i] ?? ""));
}

/** The table cuts a word that is longer than its column off. */
function broken(cell: string, room: number): string {
  return cell.replace(new RegExp(`\\S{${room}}(?=\\S)`, "g"), "$& ");
}
