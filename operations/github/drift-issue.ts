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

/** What drifted stands below it, to the end: of a later check that failed, and of the one that closes the issue, too. */
const begin = "<!-- what drifted -->";

/**
 * Opens, updates or closes the one issue of an environment's drift. A check that failed never closes it, and opens it where
 * there is none: nobody looks at the log of a schedule.
 *
 * @returns what was done, in words
 * @throws OperationError where GitHub does not take it
 */
export async function updateDriftIssue(connection: GitHubConnection, check: DriftCheck): Promise<string> {
  const { environment, outcome, markdown } = check;
  const { api, ...repository } = connection;
  const name = `the issue of the drift of ${environment}`;
  try {
    const found = await openIssue(connection, environment);
    if (outcome === "same" && !found) return `${name}: there is none, and nothing drifted`;
    const drift = outcome === "differs" ? markdown : found?.body.split(begin)[1];
    const text = {
      title: drift
        ? `${environment} is not as it was deployed`
        : `whether ${environment} is as it was deployed could not be found out`,
      body: body(check, drift),
    };
    if (!found) {
      const { data } = await api.issues.create({ ...repository, ...text, labels: [driftLabel] });
      return `${name}: #${data.number} is open`;
    }
    await api.issues.update({
      ...{ ...repository, ...text, issue_number: found.number },
      ...(outcome === "same" && { state: "closed", state_reason: "completed" }),
    });
    return `${name}: #${found.number} is ${outcome === "same" ? "closed" : "updated"}`;
  } catch (error) {
    throw githubError(name, error);
  }
}

function body({ environment, outcome, markdown, checkedAt, runUrl }: DriftCheck, drift = ""): string {
  const run = runUrl ? ` · [the run](${runUrl})` : "";
  const time = checkedAt.toISOString().slice(0, 16).replace("T", " ");
  const said = {
    same: ["Nothing differs any more.", "The last drift:"],
    differs: [],
    failed: [
      `The last check failed, so that nothing is known of what drifted since:\n\n${cut(markdown, 4000)}`,
      "Before that:",
    ],
  }[outcome];
  return [
    `${driftMarker(environment)}\n_Checked ${time} UTC${run}_`,
    ...(drift ? [...said, begin, cut(drift, commentLimit - 6000)] : said.slice(0, 1)),
  ].join("\n\n");
}

function cut(markdown: string, limit: number): string {
  return cutMarkdown(markdown.trim(), limit, "the summary of the run").trim();
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
