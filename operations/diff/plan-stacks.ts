import * as fs from "node:fs";
import { releasesOf } from "../../applications/releases";
import { engineOf } from "../../settings/engine";
import type { Environment } from "../../settings/environment";
import { OperationError } from "../errors/operation-error";
import { type CdktfContext, workingDirectory } from "../terraform/cdktf";
import { withPlanFiles } from "../terraform/plan-directory";
import { withRunningProviders } from "../terraform/running-providers";
import { terraform, terraformError, terraformInitialized } from "../terraform/terraform";

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
export const unlocked = ["-lock=false"];

/** Releases from which on one stack's plan takes all cores, so that a second beside it would take memory alone. */
const many = 50;

/**
 * Plans several stacks at the same time, or one after the other where there are many releases.
 *
 * @param credentials to plan with, while the providers start. @default - those of the context
 * @throws OperationError when one of them cannot be planned: nothing is said of the others then
 */
export function planStacks(
  context: CdktfContext,
  environment: Environment,
  stacks: readonly string[],
  credentials?: Promise<CdktfContext["credentials"]>,
): Promise<StackPlan[]> {
  return withPlanFiles(
    stacks.map((stack) => workingDirectory(context, stack)),
    (files) => planStacksInto(files, context, environment, stacks, credentials),
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
  credentials = Promise.resolve(context.credentials),
): Promise<StackPlan[]> {
  if (releasesOf(environment).length >= many) {
    const plans: StackPlan[] = [];
    // For their memory, too, garbage is collected as often as Go does by itself, and not half as often.
    const variables = { GOGC: "100", ...context.variables };
    for (const [i, stack] of stacks.entries()) {
      plans.push(
        await planStack(
          { ...context, variables, credentials: await credentials },
          environment,
          stack,
          unlocked,
          files[i] ?? "",
        ),
      );
    }
    return plans;
  }
  // Each to its end: the files of one that still plans would be removed beneath it.
  const plans = await withRunningProviders(context, stacks, (running) =>
    Promise.allSettled(
      stacks.map(async (stack, i) => {
        const context = { ...(await running(stack)), credentials: await credentials };
        return planStackWith(context, environment, stack, unlocked, files[i] ?? "");
      }),
    ),
  );
  return plans.map((plan) => {
    if (plan.status === "rejected") throw plan.reason;
    return plan.value;
  });
}

/**
 * Plans one stack.
 *
 * @param args in which way, such as `-refresh-only`
 * @param file where to write the plan
 * @throws OperationError when it cannot be planned
 */
export function planStack(
  context: CdktfContext,
  environment: Environment,
  stack: string,
  args: readonly string[],
  file: string,
): Promise<StackPlan> {
  return withRunningProviders(context, [stack], async (running) =>
    planStackWith(await running(stack), environment, stack, args, file),
  );
}

async function planStackWith(
  context: CdktfContext,
  environment: Environment,
  stack: string,
  args: readonly string[],
  file: string,
): Promise<StackPlan> {
  const run = await terraformInitialized(context, stack, [
    ...["plan", "-input=false", "-no-color", "-detailed-exitcode", ...args, `-out=${file}`],
  ]);
  // The file is there, and empty, before: a program that is something else would have "nothing differs" said.
  if (run.exitCode === 0 && !fs.statSync(file, { throwIfNoEntry: false })?.size) {
    const { program, title } = engineOf(environment.engine, context.variables);
    throw new OperationError(
      `${program} ended as if it had planned ${stack}, and wrote no plan: it is not ${title}; correct TERRAFORM_BINARY_NAME, or see npm run doctor -- --environment ${environment.name}`,
    );
  }
  // What a refresh is made for is the state, which is there also where nothing differs.
  if (run.exitCode === 0 && !args.includes("-refresh-only")) return { stack, changes: false };
  if (run.exitCode !== 0 && run.exitCode !== 2) throw terraformError(stack, run, environment);
  // In memory alone: it prints sensitive values.
  const shown = await terraform(context, stack, ["show", "-json", file]);
  if (shown.exitCode !== 0) throw terraformError(stack, shown, environment);
  return { stack, changes: run.exitCode === 2, json: JSON.parse(shown.stdout) };
}
