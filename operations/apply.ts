import { connect } from "../cluster/kubeconfig";
import { releaseRevisions } from "../cluster/releases";
import { stuckReleases } from "../cluster/stuck-releases";
import { OperationError } from "../errors/operation-error";
import { credentialsFingerprint } from "../secrets/fingerprint";
import type { Environment } from "../settings/environment";
import { adviceFor } from "../terraform/advice";
import { type CdktfContext, runCdktf, stacks } from "../terraform/cdktf";
import { wellFormed } from "./secrets";

export interface ApplyContext {
  readonly root: string;
  readonly environment: Environment;
  readonly variables: NodeJS.ProcessEnv;
  readonly show: (text: string) => void;
  /** Colours in the output of Terraform. */
  readonly color: boolean;
}

/**
 * Deploys or destroys both stacks in their order, without asking.
 *
 * Credentials are checked before anything is applied; what goes wrong is followed by what to do about it.
 *
 * @throws OperationError when it failed
 */
export async function apply(action: "deploy" | "destroy", context: ApplyContext): Promise<void> {
  const { root, environment, variables, show, color } = context;
  const { values } = wellFormed({ root, environment: environment.name, variables });
  const cdktf: CdktfContext = {
    root,
    environment: environment.name,
    variables,
    credentials: { values, revision: credentialsFingerprint(values, environment.name) },
  };
  const { exitCode, output } = await runCdktf(
    cdktf,
    [action, ...stacks, "--auto-approve", ...(color ? [] : ["--no-color"])],
    show,
  );
  if (exitCode === 0) return;
  const lines = [
    `${action} of ${environment.name} to the context ${environment.cluster.context} failed: see above`,
    adviceFor({ output, environment }),
    ...(await waysOut(root, environment)),
  ];
  throw new OperationError(lines.filter(Boolean).join("\n"));
}

async function waysOut(root: string, environment: Environment): Promise<string[]> {
  try {
    const revisions = await releaseRevisions(connect(root, environment), ["ollama", "librechat"]);
    return stuckReleases(revisions, environment).map(
      ({ release, status, wayOut }) => `release ${release} is ${status}; free it with: ${wayOut}`,
    );
  } catch {
    // The cluster does not answer: the advice above says so, and there is nothing to add.
    return [];
  }
}
