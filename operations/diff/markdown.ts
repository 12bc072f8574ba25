/** What GitHub takes in one comment or issue, in characters. */
export const commentLimit = 65_536;

/** Text that Markdown leaves as it is, whatever it holds. */
export function code(text: string): string {
  const ticks = longer(text, 1);
  return ticks.length > 1 ? `${ticks} ${text} ${ticks}` : `${ticks}${text}${ticks}`;
}

/** Lines of code that nothing in them can end. */
export function block(language: string, text: string): string {
  const fence = longer(text, 3);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** More backticks than stand anywhere in a text, and at least so many. */
function longer(text: string, least: number): string {
  return "`".repeat(Math.max(least, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
}

/** Plain text: no HTML, no mention of a person or of another issue. */
export function escaped(text: string): string {
  return html(text.replace(/[\\`*_[\]|]/g, "\\$&")).replace(/\n/g, " ");
}

/** Plain text inside an HTML element, where Markdown has no effect. */
function html(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/([@#])(?=\w)/g, "$1&#8203;");
}

/** A table of code. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    row(heads),
    `|${"---|".repeat(heads.length)}`,
    ...rows.map((cells) => row(cells.map((cell) => cell && code(cell.replace(/[\n|]/g, " "))))),
  ];
}

/** A part that is folded under its title. */
export function folded(title: string, content: string): string {
  return `<details><summary>${html(title)}</summary>\n\n${content}\n\n</details>`;
}

/** A folded part, or a line. What is quoted within a part stands behind a sign, so that it cannot end the part. */
const piece = /^<details>[^]*?^<\/details>$|^.*$/gm;
const summary = /^<details><summary>(.*)<\/summary>[^]*/;

/**
 * A report cut to a length: of its folded parts no more than the titles are left, from the last one on, then its last lines
 * go.
 *
 * @param limit in characters
 * @param whole what shows all of it, such as `npm run diff`
 */
export function cutMarkdown(text: string, limit: number, whole: string): string {
  if (text.length <= limit) return text;
  const note = (count: number): string =>
    `\n_${count} parts are left out here: ${whole} shows all of them._\n`;
  const pieces = text.match(piece) ?? [];
  const kept = [...pieces];
  let over = text.length + note(pieces.length).length + 1 - limit;
  for (let i = kept.length - 1; i >= 0 && over > 0; i--) {
    const [full, short] = [kept[i] ?? "", (kept[i] ?? "").replace(summary, "- $1")];
    kept[i] = short;
    over -= full.length - short.length;
  }
  while (over > 0) over -= (kept.pop() ?? "").length + 1;
  const leftOut = pieces.filter((full, i) => kept[i] !== full && /^(<details>|- |\| )/.test(full));
  return [...kept, note(leftOut.length)].join("\n").replace(/\n{3,}/g, "\n\n");
}
