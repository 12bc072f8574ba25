import type { LineDiff } from "./unified-diff";
import {
  comparedWith,
  type DiffReport,
  differs,
  hasDetails,
  liveOutlook,
  liveSentence,
  type ReleaseReport,
  resourceCounts,
  versionChange,
} from "./report";

/** What GitHub takes in one comment, in characters. */
export const commentLimit = 65_536;

/** The first line of a comment, by which a workflow finds its own to update it. */
export function commentMarker(environment: string): string {
  return `<!-- llm-platform diff: ${environment} -->`;
}

/** A piece of the comment, and the line that stands for it where there is no room. */
interface Piece {
  readonly full: string;
  /** @default - the piece is never left out */
  readonly short?: string;
}

/**
 * The report as a comment of a pull request, in Markdown.
 *
 * Where it is longer than GitHub takes, the last pieces are left out and named: never the warnings.
 *
 * @param limit in characters
 */
export function markdownReport(report: DiffReport, limit = commentLimit): string {
  const { environment, releases, notes, warnings, resources } = report;
  const changed = releases.filter(({ objects }) => objects.length > 0).length;
  const summary = differs(report)
    ? [
        resourceCounts(resources) || "no resource changes",
        `${changed} of ${releases.length} releases differ`,
      ].join("; ")
    : "nothing differs";
  const pieces: Piece[] = [
    {
      full: [
        commentMarker(environment),
        `### What a deploy to ${code(environment)} would change: ${summary}`,
        "",
        `Compared with ${code(comparedWith(report))}; secret values are hidden.`,
        "",
        "| release | namespace | chart | version |",
        "|---|---|---|---|",
        ...releases.map((release) =>
          row([release.name, release.namespace, release.chart, versionChange(release)]),
        ),
        ...notes.flatMap((note) => ["", `_${escaped(note)}_`]),
      ].join("\n"),
    },
    ...(warnings.length ? [{ full: "\n#### Warnings\n" }] : []),
    ...warnings.map(({ text }) => ({
      full: `- :warning: ${escaped(text)}`,
      short: `- :warning: ${cut(escaped(text), 80)}`,
    })),
    ...(resources.length
      ? [{ full: "\n#### Resources\n\n| action | stack | resource |\n|---|---|---|" }]
      : []),
    ...resources.map(({ action, stack, address }) => ({ full: row([action, stack, address]), short: "" })),
    ...resources
      .filter(hasDetails)
      .map((resource) => details(`${resource.action} ${resource.address}`, resource)),
    ...releases.flatMap(releasePieces),
  ];
  return `${fitted(pieces, limit - 1)}\n`;
}

function releasePieces(release: ReleaseReport): Piece[] {
  const { name, namespace, objects, live } = release;
  if (objects.length === 0 && live.length === 0) return [];
  const labels = objects.filter(({ versionLabelsOnly }) => versionLabelsOnly);
  return [
    { full: `\n#### Release ${code(name)} in ${code(namespace)}\n` },
    ...(live.length
      ? [
          { full: `Changed in the cluster since it was deployed (${liveOutlook(release)}):\n` },
          ...live.map((difference) => {
            const line = `- ${escaped(liveSentence(difference))}`;
            return { full: line, short: "" };
          }),
        ]
      : []),
    ...objects
      .filter(({ versionLabelsOnly }) => !versionLabelsOnly)
      .map((object) => details(`${object.action} ${object.object}`, object)),
    ...(labels.length
      ? [
          {
            full: `\nOnly the labels with the chart's version: ${labels.map(({ object }) => code(object)).join(", ")}`,
            short: `- only the labels with the chart's version: ${labels.length} objects`,
          },
        ]
      : []),
  ];
}

function details(title: string, { text, added, removed }: LineDiff): Piece {
  const counts = `(+${added} −${removed})`;
  return {
    full: folded(`${title} ${counts}`, text),
    short: `- ${code(title)} ${counts}`,
  };
}

function folded(title: string, text: string): string {
  // Longer than any run of backticks in it: nothing in a manifest can end the block.
  const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return `\n<details><summary>${html(title)}</summary>\n\n${fence}diff\n${text}\n${fence}\n\n</details>`;
}

/** As many whole pieces as there is room for, then the rest by their short lines, then by their number. */
function fitted(pieces: readonly Piece[], limit: number): string {
  const full = pieces.map((piece) => piece.full).join("\n");
  if (full.length <= limit) return full;
  const note = (count: number) =>
    `\n_${count} parts are left out here: a comment holds no more than ${commentLimit} characters. npm run diff shows all of them._`;
  // Room for the note and for what stands for the parts that are left out.
  const shorts = pieces.map(({ full, short }) => (short === undefined ? full : short));
  let room = limit - note(pieces.length).length - Math.min(shorts.join("\n").length, limit / 4);
  const shown: string[] = [];
  let next = 0;
  for (; next < pieces.length; next++) {
    const piece = pieces[next] as Piece;
    if (piece.full.length + 1 > room) break;
    shown.push(piece.full);
    room -= piece.full.length + 1;
  }
  room = limit - shown.join("\n").length - note(pieces.length).length - 1;
  let leftOut = 0;
  for (const [i, piece] of pieces.slice(next).entries()) {
    const line = shorts[next + i] ?? "";
    if (piece.short !== undefined) leftOut++;
    if (line === "" || line.length + 1 > room) continue;
    shown.push(line);
    room -= line.length + 1;
  }
  return [...shown, note(leftOut)].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => (cell ? code(cell) : "")).join(" | ")} |`;
}

function code(text: string): string {
  return `\`${text.replace(/[`\n|]/g, " ")}\``;
}

/** Plain text in Markdown: no HTML, no mention of a person or of another issue. */
function escaped(text: string): string {
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

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
