import { commentLimit, cutMarkdown } from "../diff/markdown";
import { type GitHubConnection, githubError, isForbidden } from "./connection";
import type { PullRequest } from "./pull-request";

/** The first line of the comment, by which it is found again. */
export const commentMarker = "<!-- llm-platform: what this pull request would change -->";

const begin = (commit: string) => `<!-- report of ${commit} -->`;

export interface CommentReport {
  /** The page of the workflow's run; empty where there is none. */
  readonly runUrl: string;
  /** One of each environment, in Markdown. */
  readonly reports: readonly string[];
}

/**
 * Writes the one comment of a pull request, or updates it in place.
 *
 * @returns what became of it, in words
 * @throws OperationError where GitHub does not take it
 */
export function publishComment(
  connection: GitHubConnection,
  pull: PullRequest,
  report: CommentReport,
): Promise<string> {
  return changing(pull, async () => {
    const { api, ...repository } = connection;
    const { data } = await api.pulls.get({ ...repository, pull_number: pull.number });
    if (data.head.sha !== pull.head) {
      return `left as it is: commit ${data.head.sha.slice(0, 10)} is newer, and its own run reports it`;
    }
    const found = await ownComment(connection, pull);
    const body = reportOf(pull.head, report);
    if (!found) {
      await api.issues.createComment({ ...repository, issue_number: pull.number, body });
      return "created";
    }
    await api.issues.updateComment({ ...repository, comment_id: found.id, body });
    return "updated";
  });
}

/** Strikes the comment of a pull request through because of a newer commit. Where there is none, nothing happens. */
export function outdateComment(connection: GitHubConnection, pull: PullRequest): Promise<string> {
  return changing(pull, async () => {
    const { api, ...repository } = connection;
    const found = await ownComment(connection, pull);
    if (!found) return "there is none yet";
    if (found.body.includes(begin(pull.head))) return "left as it is: it is of this commit";
    const body = outdated(found.body, pull.head);
    await api.issues.updateComment({ ...repository, comment_id: found.id, body });
    return "struck through";
  });
}

function reportOf(commit: string, { runUrl, reports }: CommentReport): string {
  const room = Math.floor((commentLimit - 1000) / reports.length);
  const sections = reports.map((text) => cutMarkdown(text.trim(), room, "the summary of the run").trim());
  const run = runUrl ? ` · [the run](${runUrl})` : "";
  return [
    ...[commentMarker, begin(commit), sections.join("\n\n---\n\n")],
    ...["", `_Commit ${short(commit)}${run}_`, ""],
  ].join("\n");
}

/** No line within a report's block of code begins with ###: each begins with a sign of the difference. */
function outdated(body: string, newer: string): string {
  const report = body.slice(body.indexOf("<!-- report of "));
  return [
    commentMarker,
    `Outdated: commit ${short(newer)} is newer, and what it would change is being found out.\n`,
    report.replace(/^### (?!~~)(.+)$/gm, "### ~~$1~~"),
  ].join("\n");
}

function short(commit: string): string {
  return `\`${commit.slice(0, 10)}\``;
}

async function changing(pull: PullRequest, work: () => Promise<string>): Promise<string> {
  const name = `the comment of pull request ${pull.number}`;
  if (pull.fromFork) {
    return `${name}: skipped: it comes from a fork, whose workflow may only read; the report is in the job's summary`;
  }
  try {
    return `${name}: ${await work()}`;
  } catch (error) {
    if (isForbidden(error)) {
      return `${name}: skipped: the job's token may not write it (${(error as Error).message}); the report is in the job's summary`;
    }
    throw githubError(name, error);
  }
}

/** Anybody may write a comment with the marker in it: only one of a bot is this workflow's. */
async function ownComment(
  { api, ...repository }: GitHubConnection,
  { number }: PullRequest,
): Promise<{ id: number; body: string } | undefined> {
  const comments = await api.paginate(api.issues.listComments, {
    ...repository,
    issue_number: number,
    per_page: 100,
  });
  const found = comments.find(({ body, user }) => user?.type === "Bot" && body?.startsWith(commentMarker));
  return found && { id: found.id, body: found.body ?? "" };
}
