import { diff } from "../diff/diff";
import { sandboxEnvironment } from "../sandbox/sandbox-environment";
import { loadEnvironment } from "../../applications/load-environment";
import { type BaseProps, withBaseOnSandbox } from "./base-on-sandbox";
import { jobReport } from "./job-report";
import { pullRequestOf } from "./pull-request";

export interface PreviewProps extends BaseProps {
  /** Where the report is written for the job that publishes it. */
  readonly report: string;
}

/**
 * Reports what this working tree would change on an embedded cluster with the base revision on it.
 *
 * @throws OperationError when it cannot be found out, once the report says so
 */
export async function preview({ root, base, report: file, variables }: PreviewProps): Promise<void> {
  const props = { environment: sandboxEnvironment, file, variables };
  const note = variables.GITHUB_EVENT_PATH && pullRequestOf(variables).fromFork ? forkNote : undefined;
  await jobReport({ ...props, note }, () =>
    withBaseOnSandbox({ root, base, variables }, async ({ commit, variables }) => {
      const environment = loadEnvironment(root, sandboxEnvironment, variables);
      const report = await diff({ root, environment, variables });
      const kubeconfig = `an embedded cluster with revision ${commit.slice(0, 10)}`;
      return { ...report, against: { context: environment.cluster.context, kubeconfig } };
    }),
  );
}

const forkNote =
  "This pull request comes from a fork, whose workflow may only read: its report stands here alone, and not in a comment.";
