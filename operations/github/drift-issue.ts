import { commentLimit, cutMarkdown } from "../diff/markdown";
import { driftMarker } from "../drift/markdown-report";
import { type GitHubConnection, githubError } from "./connection";

/** The label of the issues. */
export const driftLabel = "drift";

/** What a look for drift found. */
export interface DriftCheck {
  readonly environment: string;
  readonly outcome: "same" | "differs" | "failed";
  /** What differs, or why it could not be found out. */
  readonly markdown: string;
  readonly checkedAt: Date;
  /** The page of the workflow's run; empty where there is none. */
  readonly runUrl: string;
}

const begin = "<!-- what drifted -->";
const end = "<!-- end of what drifted -->";

/**
 * Opens, updates or closes the one issue of an environment's drift. A check that failed never closes it, and opens it where
 * there is none: nobody looks at the log of a schedule.
 *
 * @returns what was done, in words
 * @throws OperationError where GitHub does not take it
 */
export async function updateDriftIssue(connection: GitHubConnection, check: DriftCheck): Promise<string> {
  const { environment, outcome } = check;
  const { api, ...repository } = connection;
  const name = `the issue of the drift of ${environment}`;
  try {
    const found = await openIssue(connection, environment);
    if (outcome === "same") {
      if (!found) return `${name}: there is none, and nothing drifted`;
      const last = lastReport(found.body);
      const text = last ? `\n\n<details><summary>The last drift</summary>\n\n${last}\n\n</details>` : "";
      await api.issues.update({
        ...repository,
        issue_number: found.number,
        body: body(check, `Nothing differs any more.${text}`),
        state: "closed",
        state_reason: "completed",
      });
      return `${name}: #${found.number} is closed`;
    }
    const text = {
      title:
        outcome === "failed" && !lastReport(found?.body)
          ? `whether ${environment} is as it was deployed could not be found out`
          : `${environment} is not as it was deployed`,
      body: body(check, outcome === "failed" ? failure(check, found?.body) : report(check.markdown)),
    };
    if (!found) {
      const { data } = await api.issues.create({ ...repository, ...text, labels: [driftLabel] });
      return `${name}: #${data.number} is open`;
    }
    await api.issues.update({ ...repository, issue_number: found.number, ...text });
    return `${name}: #${found.number} is updated`;
  } catch (error) {
    throw githubError(name, error);
  }
}

function body({ environment, checkedAt, runUrl }: DriftCheck, text: string): string {
  const run = runUrl ? ` · [the run](${runUrl})` : "";
  const time = checkedAt.toISOString().slice(0, 16).replace("T", " ");
  return [driftMarker(environment), text, "", `_Checked ${time} UTC${run}_`, ""].join("\n");
}

function report(markdown: string): string {
  return `${begin}\n${cut(markdown, commentLimit - 2000)}\n${end}`;
}

function failure({ markdown }: DriftCheck, previous: string | undefined): string {
  const why = `The last check failed, so that nothing is known of what drifted since:\n\n${cut(markdown, 4000)}`;
  const last = lastReport(previous);
  return last ? `${why}\n\nBefore that:\n\n${report(cut(last, commentLimit - 8000))}` : why;
}

function cut(markdown: string, limit: number): string {
  return cutMarkdown(markdown.trim(), limit, "the summary of the run").trim();
}

function lastReport(text: string | undefined): string | undefined {
  if (!text?.includes(begin)) return undefined;
  const last = text.lastIndexOf(end);
  return last < 0 ? undefined : text.slice(text.indexOf(begin) + begin.length, last).trim();
}

async function openIssue(
  { api, ...repository }: GitHubConnection,
  environment: string,
): Promise<{ number: number; body: string } | undefined> {
  const issues = await api.paginate(api.issues.listForRepo, {
    ...repository,
    labels: driftLabel,
    state: "open",
    per_page: 100,
  });
  const found = issues.find(
    (issue) =>
      !issue.pull_request && issue.user?.type === "Bot" && issue.body?.startsWith(driftMarker(environment)),
  );
  return found && { number: found.number, body: found.body ?? "" };
}
