import * as fs from "node:fs";
import { connectGitHub, needed } from "./connection";
import { addToSummary } from "./job-report";
import { findReviewedPlan } from "./reviewed-plan";
import type { Workflow } from "./workflow";

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
