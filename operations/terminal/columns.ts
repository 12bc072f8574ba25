import Table from "cli-table3";
import { borderless } from "./borderless";

/**
 * Rows in columns without borders, wrapped; words that are longer than their column are broken.
 *
 * @param widths of the columns, in characters; two spaces come between them, and 80 is what a terminal has
 */
export function columns(widths: readonly number[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const table = new Table({
    chars: { ...borderless, middle: "  " },
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    colWidths: [...widths],
    wordWrap: true,
  });
  table.push(...rows.map((row) => row.map((cell, i) => broken(cell, widths[i] ?? 80))));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** The table cuts a word that is longer than its column off. */
function broken(cell: string, width: number): string {
  return cell.replace(new RegExp(`\\S{${width}}(?=\\S)`, "g"), "$& ");
}
