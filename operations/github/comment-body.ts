import { commentLimit, cutMarkdown } from "../diff/markdown";
import { isFailed } from "./job-report";

/** The first line of the comment, by which it is found again. */
export const commentMarker = "<!-- llm-platform: what this pull request would change -->";

const begin = (commit: string) => `<!-- report of ${commit} -->`;
const end = "<!-- end of report -->";

/** What shows all of a report that is cut. */
const summary = "the summary of the run";

export interface CommentProps {
  /** The commit that was examined. */
  readonly commit: string;
  /** The page of the workflow's run; empty where there is none. */
  readonly runUrl: string;
  /** One of each environment, in Markdown. */
  readonly reports: readonly string[];
  /** The comment as it is now. @default - there is none yet */
  readonly previous?: string;
}

/**
 * The comment of a pull request: one part an environment. Where one could not be found out, what was known before stays
 * below, folded and struck through.
 */
export function commentBody({ commit, runUrl, reports, previous }: CommentProps): string {
  const failed = reports.some(isFailed);
  const room = Math.floor((commentLimit - 1000) / reports.length);
  const sections = reports.map((markdown) => cutMarkdown(markdown.trim(), room, summary).trim());
  const run = runUrl ? ` · [the run](${runUrl})` : "";
  const body = [
    commentMarker,
    begin(commit),
    sections.join("\n\n---\n\n"),
    end,
    "",
    `_Commit ${short(commit)}${run}_`,
  ].join("\n");
  const old = failed && previous ? reportIn(previous) : undefined;
  if (!old) return `${body}\n`;
  const struck = folded(old.commit, old.text, commentLimit - body.length - 200);
  return `${body}\n\n${struck}\n`;
}

/**
 * The comment once a newer commit has made it outdated: struck through and folded.
 *
 * @param newer the commit that is being examined now
 */
export function outdatedBody(body: string, newer: string): string {
  const old = reportIn(body);
  const title = "### ~~What this pull request would change~~";
  const why = `Outdated: commit ${short(newer)} is newer, and what it would change is being found out.`;
  return [
    commentMarker,
    title,
    "",
    why,
    "",
    ...(old ? [begin(old.commit), folded(old.commit, old.text, commentLimit - 1000), end] : []),
    "",
  ].join("\n");
}

/** A report within a comment, without what folds it. */
function reportIn(body: string): { commit: string; text: string } | undefined {
  const found = /<!-- report of ([0-9a-f]{7,40}) -->\n/.exec(body);
  const last = body.lastIndexOf(end);
  if (!found?.[1] || last < found.index) return undefined;
  const text = body
    .slice(found.index + found[0].length, last)
    .replace(/^<details><summary><s>.*<\/s><\/summary>\n\n([\s\S]*)\n\n<\/details>\n$/, "$1");
  return { commit: found[1], text: text.trim() };
}

/** No line within a report's block of code begins with ###: each begins with a sign of the difference. */
function folded(commit: string, text: string, room: number): string {
  const struck = text.replace(/^### (?!~~)(.+)$/gm, "### ~~$1~~");
  const inner = cutMarkdown(struck, Math.max(500, room - 200), summary).trim();
  return `<details><summary><s>The report of commit ${commit.slice(0, 10)}</s></summary>\n\n${inner}\n\n</details>`;
}

function short(commit: string): string {
  return `\`${commit.slice(0, 10)}\``;
}
