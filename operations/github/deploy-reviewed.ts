import { DeployFailedError, releaseHere } from "../deploy/release";
import { OperationError } from "../errors/operation-error";
import { loadEnvironment } from "../../applications/load-environment";
import { withClusterAccess } from "./cluster-access";
import type { Workflow } from "./workflow";

export interface DeployReviewedProps extends Workflow {
  /** The file of the reviewed plan. @default - not looked at where there is a reason */
  readonly reviewed?: string;
  /** Why to deploy without one. @default - only what was reviewed is deployed */
  readonly reason?: string;
}

/**
 * Releases with the access that the GitHub environment gives.
 *
 * @throws OperationError when the deploy fails, is refused, or does not verify
 */
export async function deployReviewed(props: DeployReviewedProps): Promise<void> {
  const { root, environment: name, reviewed, reason, variables } = props;
  const file = reason?.trim() ? undefined : reviewed;
  await withClusterAccess(variables, name, (variables) =>
    releaseHere({ root, environment: loadEnvironment(root, name, variables), variables }, file),
  ).catch((error: unknown) => {
    if (!(error instanceof DeployFailedError) || !file) throw error;
    throw new OperationError(`${error.message}\n${refusedOnGitHub}`);
  });
}

const refusedOnGitHub =
  "where the plan was refused: open a pull request, whose plan is made anew, or run the workflow Deploy by hand with a reason";
