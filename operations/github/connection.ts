import { Octokit } from "@octokit/rest";
import { OperationError } from "../errors/operation-error";

/** GitHub's API, and the repository that a workflow runs for. */
export type GitHubConnection = ReturnType<typeof connectGitHub>;

/**
 * The connection that the variables of a workflow describe.
 *
 * @param variables `GITHUB_TOKEN`, `GITHUB_REPOSITORY` (`OWNER/NAME`), and `GITHUB_API_URL`, https://api.github.com where it is not set
 * @throws OperationError where one of them is missing
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 */
export function connectGitHub(variables: NodeJS.ProcessEnv) {
  const [owner = "", repo = ""] = needed(variables, "GITHUB_REPOSITORY", "OWNER/NAME").split("/");
  return {
    api: new Octokit({
      auth: needed(variables, "GITHUB_TOKEN", "a token of the workflow"),
      baseUrl: variables.GITHUB_API_URL || "https://api.github.com",
      userAgent: "llm-platform",
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    }),
    owner,
    repo,
  };
}

/** A variable that GitHub sets in a workflow. */
export function needed(variables: NodeJS.ProcessEnv, name: string, expected: string): string {
  const value = variables[name];
  if (value) return value;
  throw new OperationError(`${name}: not set, expected ${expected}: GitHub sets it where a workflow runs`);
}

/** The page of this run of a workflow; empty outside of one. */
export function runUrl({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID }: NodeJS.ProcessEnv): string {
  if (!GITHUB_REPOSITORY || !GITHUB_RUN_ID) return "";
  return `${GITHUB_SERVER_URL || "https://github.com"}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
}

/** Whether GitHub refused because the token may only read, as that of a pull request from a fork. */
export function isForbidden(error: unknown): boolean {
  return status(error) === 403;
}

/**
 * What GitHub said no to, in words.
 *
 * @param doing such as `the comment of pull request 7`
 */
export function githubError(doing: string, error: unknown): OperationError {
  const code = status(error);
  const said = (error as Error).message.split("\n")[0];
  const remedy =
    code === 401 || code === 403 || code === 404
      ? "does the workflow give this job's token the permission?"
      : "is GitHub reachable? run the job again";
  return new OperationError(
    `${doing}: GitHub answered ${code === undefined ? "nothing" : code} (${said}): ${remedy}`,
  );
}

function status(error: unknown): number | undefined {
  const { status, response } = error as { status?: unknown; response?: unknown };
  // Octokit says 500 where it was not answered at all.
  return typeof status === "number" && (status !== 500 || response) ? status : undefined;
}

function ignore(): void {}
