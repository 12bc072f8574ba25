import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { loadEnvironment } from "../../applications/load-environment";
import { diff } from "../diff/diff";
import type { DiffReport } from "../diff/report";
import { checkOut, commitOf } from "../diff/revision";
import { OperationError } from "../errors/operation-error";
import { sandboxEnvironment } from "../sandbox/sandbox-environment";
import { childCommand } from "../terminal/child-command";
import { jobReport } from "./job-report";
import { pullRequestOf } from "./pull-request";
import type { Workflow } from "./workflow";

export interface PreviewProps extends Pick<Workflow, "root" | "variables"> {
  /** A commit, branch or tag: what a pull request is to be merged into. */
  readonly base: string;
  /** Where the report is written for the job that publishes it. */
  readonly report: string;
}

const forkNote =
  "This pull request comes from a fork, whose workflow may only read: its report stands here alone, and not in a comment.";

/**
 * Reports what this working tree would change on an embedded cluster with the base revision on it.
 *
 * @throws OperationError when it cannot be found out, once the report says so
 */
export function preview(props: PreviewProps): Promise<void> {
  const { report: file, variables } = props;
  const note = variables.GITHUB_EVENT_PATH && pullRequestOf(variables).fromFork ? forkNote : undefined;
  return jobReport({ environment: sandboxEnvironment, file, variables, note }, () => diffToBase(props));
}

/**
 * Deploys the base revision to an embedded cluster of its own, and takes it away afterwards. No credentials are used: those of
 * the embedded cluster are made anew, and this working tree is given none.
 */
async function diffToBase({ root, base, variables }: PreviewProps): Promise<DiffReport> {
  const commit = await commitOf(root, base, "--base");
  const state = path.join(root, "state", "sandbox");
  if (fs.existsSync(state)) {
    throw new OperationError(
      "state/sandbox: this clone has an embedded cluster of its own: remove it with npm run down first",
    );
  }
  const temporary = fs.mkdtempSync(path.join(variables.RUNNER_TEMP || os.tmpdir(), "llm-platform-base-"));
  const directory = path.join(temporary, "revision");
  const own = withoutCredentials(variables);
  try {
    await checkOut(root, commit, directory);
    keepPackagesApart(root, directory);
    if ((await childCommand(directory, ["up"], own)) !== 0) {
      throw new OperationError(
        `the base revision ${commit.slice(0, 10)} could not be deployed to an embedded cluster: see the log of this job`,
      );
    }
    fs.cpSync(path.join(directory, "state", "sandbox"), state, { recursive: true });
    const reaching = { ...own, CLUSTER_KUBECONFIG: path.join(directory, ".sandbox", "kubeconfig") };
    const environment = loadEnvironment(root, sandboxEnvironment, reaching);
    const report = await diff({ root, environment, variables: reaching });
    const kubeconfig = `an embedded cluster with revision ${commit.slice(0, 10)}`;
    return { ...report, against: { context: environment.cluster.context, kubeconfig } };
  } finally {
    fs.rmSync(state, { recursive: true, force: true });
    if (fs.existsSync(directory)) await childCommand(directory, ["down"], own);
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

/** Packages are shared where both revisions ask for the same; otherwise the base installs its own. */
function keepPackagesApart(root: string, directory: string): void {
  const here = path.join(root, "package-lock.json");
  const there = path.join(directory, "package-lock.json");
  if (fs.readFileSync(here).equals(fs.readFileSync(there))) {
    // What is younger than the packages would have them installed again.
    const { atime, mtime } = fs.statSync(here);
    fs.utimesSync(there, atime, mtime);
  } else {
    fs.rmSync(path.join(directory, "node_modules"));
  }
}

function withoutCredentials(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(variables).filter(
      ([name]) => !name.startsWith("TF_VAR_") && !["ENVIRONMENT", "CLUSTER_KUBECONFIG"].includes(name),
    ),
  );
}
