import { clusterReport } from "./cluster-report";
import { Masker } from "../secrets/masking";
import type { DiffReport } from "./report";
import { revisionReport } from "./revision-report";
import { OperationError } from "../errors/operation-error";
import { findCredentials } from "../secrets/find-credentials";
import { type CredentialsContext, deployCredentials } from "../secrets/deploy-credentials";

export interface DiffContext extends CredentialsContext {
  /** A revision of the repository to compare with. @default - the environment's cluster */
  readonly against?: string;
}

/**
 * What a deploy would change, without a secret value.
 *
 * @throws OperationError when it cannot be found out
 */
export async function diff({ against, ...context }: DiffContext): Promise<DiffReport> {
  const { root, environment, variables } = context;
  const masker = new Masker();
  try {
    if (against !== undefined) {
      return await revisionReport({ ...context, revision: against, masker });
    }
    // A Secret that somebody else fills has a revision, too, though no values are here.
    const absent =
      environment.credentials.source !== "secret" &&
      findCredentials(root, environment, variables).source === "nowhere";
    const credentials = absent ? undefined : deployCredentials(context);
    return await clusterReport({ ...context, credentials, masker });
  } catch (error) {
    // What Terraform and Helm say may quote what they were given.
    if (error instanceof OperationError) throw new OperationError(masker.text(error.message));
    throw error;
  }
}
