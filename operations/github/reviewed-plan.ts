import * as fs from "node:fs";
import { OperationError } from "../errors/operation-error";
import { connectGitHub, type GitHubConnection, githubError, needed } from "./connection";
import { addToSummary } from "./job-report";
import type { Workflow } from "./workflow";

/** The name of the artifact with the reviewed plan of an environment. */
export function reviewArtifact(environment: string, head: string): string {
  return `review-${environment}-${head}`;
}

/**
 * Finds the plan that was reviewed with the pull request that brought a commit to its branch.
 *
 * The workflow of a fork can keep an artifact of any name: one counts only where it is of this repository and of the
 * commit that was merged.
 *
 * @returns the pull request, the commit that was reviewed, and the artifact with its run of the workflow that keeps it
 * @throws OperationError where there is none, with what to do
 */
export async function findReviewedPlan(
  connection: GitHubConnection,
  { environment, commit }: { readonly environment: string; readonly commit: string },
) {
  const { api, ...repository } = connection;
  const named = `commit ${commit.slice(0, 10)}`;
  try {
    const { data: pulls } = await api.repos.listPullRequestsAssociatedWithCommit({
      ...repository,
      commit_sha: commit,
    });
    const pull = pulls.find(({ merged_at }) => merged_at !== null);
    if (!pull) {
      throw refusal(environment, `${named} came by no pull request, so that nobody reviewed its plan`);
    }
    const head = pull.head.sha;
    const name = reviewArtifact(environment, head);
    const { data } = await api.actions.listArtifactsForRepo({ ...repository, name, per_page: 100 });
    const artifacts = data.artifacts.filter(
      ({ name: found, workflow_run: run }) =>
        found === name && run?.head_sha === head && run.repository_id === run.head_repository_id,
    );
    const kept = artifacts
      .filter(({ expired }) => !expired)
      .sort((a, b) => (b.created_at ?? "").localeCompare(a.created_at ?? ""));
    const runId = kept[0]?.workflow_run?.id;
    if (runId === undefined) {
      const why = artifacts.length
        ? `the plan of pull request ${pull.number} (${named}) is not kept any more`
        : `pull request ${pull.number} (${named}) has no plan of ${environment} for ${head.slice(0, 10)}, its last commit`;
      throw refusal(environment, why);
    }
    return { pullRequest: pull.number, head, artifact: name, runId };
  } catch (error) {
    if (error instanceof OperationError) throw error;
    throw githubError(`the reviewed plan of ${named}`, error);
  }
}

function refusal(environment: string, why: string): OperationError {
  return new OperationError(
    [
      `nothing is deployed to ${environment}: ${why}`,
      "plans are made of branches of this repository, where the variable ENVIRONMENTS names the environment; else",
      `  see for yourself what would change: npm run diff -- --environment ${environment}`,
      "  and run the workflow Deploy by hand, with a reason to go without a reviewed plan",
    ].join("\n"),
  );
}

export interface FindReviewProps extends Pick<Workflow, "environment" | "variables"> {
  /** Why to deploy without a reviewed plan. @default - one is looked for */
  readonly reason?: string;
  readonly say: (line: string) => void;
}

/**
 * Finds the reviewed plan of the commit that is deployed, and names it to the steps that come after.
 *
 * @throws OperationError where there is none, and no reason to go without
 */
export async function findReview({ environment, reason, variables, say }: FindReviewProps): Promise<void> {
  if (reason?.trim()) {
    const line = `${environment} is deployed without a reviewed plan: ${reason.trim()}`;
    say(line);
    return addToSummary(variables, line.replace(/[<>`]/g, ""));
  }
  const commit = needed(variables, "GITHUB_SHA", "the commit that is deployed");
  const plan = await findReviewedPlan(connectGitHub(variables), { environment, commit });
  say(`the plan of ${environment} was reviewed in pull request ${plan.pullRequest} (${plan.artifact})`);
  const output = `run-id=${plan.runId}\nartifact=${plan.artifact}\n`;
  fs.appendFileSync(needed(variables, "GITHUB_OUTPUT", "the file for a step's outputs"), output);
}
