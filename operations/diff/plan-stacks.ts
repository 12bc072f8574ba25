import type { Environment } from "../../settings/environment";
import { type CdktfContext, workingDirectory } from "../terraform/cdktf";
import { withPlanFiles } from "../terraform/plan-directory";
import { terraform, terraformError, terraformInitialized, type TerraformRun } from "../terraform/terraform";

/** The plan of one stack. */
export interface StackPlan {
  readonly stack: string;
  /** Whether anything would change. */
  readonly changes: boolean;
  /** What `terraform show -json` prints of it; sensitive values are in clear. @default - undefined where nobody needs it */
  readonly json?: unknown;
}

/**
 * No lock: a report neither waits for a deploy nor makes one wait, and credentials that can only read are enough. What
 * somebody deploys at this moment may show half; whoever applies plans anew anyway.
 */
const planning = ["plan", "-input=false", "-lock=false", "-no-color", "-detailed-exitcode"];

/**
 * Plans several stacks at the same time.
 *
 * @param always whether the plan's content is needed also where nothing changes
 * @throws OperationError when one of them cannot be planned: nothing is said of the others then
 */
export function planStacks(
  context: CdktfContext,
  environment: Environment,
  stacks: readonly string[],
  always: (stack: string) => boolean,
): Promise<StackPlan[]> {
  return withPlanFiles(
    stacks.map((stack) => workingDirectory(context, stack)),
    (files) => planStacksInto(files, context, environment, stacks, always),
  );
}

/**
 * {@link planStacks}, with plans that are kept to be applied.
 *
 * @param files where to write the plan of each stack
 */
export async function planStacksInto(
  files: readonly string[],
  context: CdktfContext,
  environment: Environment,
  stacks: readonly string[],
  always: (stack: string) => boolean,
): Promise<StackPlan[]> {
  const runs = await Promise.all(
    stacks.map((stack, i) => plan(context, stack, files[i] ?? "", always(stack))),
  );
  return runs.map((run) => {
    if ("failed" in run) throw terraformError(run.stack, run.failed, environment);
    return run;
  });
}

interface FailedPlan {
  readonly stack: string;
  readonly failed: TerraformRun;
}

async function plan(
  context: CdktfContext,
  stack: string,
  file: string,
  always: boolean,
): Promise<StackPlan | FailedPlan> {
  const run = await terraformInitialized(context, stack, [...planning, `-out=${file}`]);
  if (run.exitCode !== 0 && run.exitCode !== 2) return { stack, failed: run };
  const changes = run.exitCode === 2;
  if (!changes && !always) return { stack, changes };
  // In memory alone: it prints sensitive values.
  const shown = await terraform(context, stack, ["show", "-json", file]);
  if (shown.exitCode !== 0) return { stack, failed: shown };
  return { stack, changes, json: JSON.parse(shown.stdout) };
}
