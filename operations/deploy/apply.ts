import * as fs from "node:fs";
import { planStacks, planStacksInto } from "../diff/plan-stacks";
import { type PlannedResource, plannedResources } from "../diff/resource-changes";
import { type CredentialsContext, deployCredentials } from "../secrets/deploy-credentials";
import { Masker } from "../secrets/masking";
import { type Progress, withoutRepetition } from "../terminal/progress";
import { type CdktfContext, stacks, synthesize, workingDirectory } from "../terraform/cdktf";
import { withPlanFiles } from "../terraform/plan-directory";
import type { KeptPlan } from "./apply-plan";
import { applyPlans } from "./apply-plans";
import { locked } from "./recorded";

export interface ApplyContext extends CredentialsContext {
  readonly progress: Progress;
}

/** Plans stacks as {@link planStacks} does, and keeps the plans to be applied. */
export type PlanToKeep = (...planning: Parameters<typeof planStacks>) => Promise<KeptPlan[]>;

/** Lends what plans both stacks; the plans are gone when the work ends. A signal does not end it: see {@link Interruption}. */
export function withKeptPlans<Result>(
  context: CdktfContext,
  work: (plan: PlanToKeep) => Promise<Result>,
): Promise<Result> {
  const directories = stacks.map((stack) => workingDirectory(context, stack));
  // Synthesizing would make them, too late for the files.
  for (const directory of directories) fs.mkdirSync(directory, { recursive: true });
  const lend = (files: readonly string[]): Promise<Result> =>
    work(async (...planning) => {
      const plans = await planStacksInto(files, ...planning);
      return plans.map((plan, i) => ({ ...plan, file: files[i] ?? "" }));
    });
  return withPlanFiles(directories, lend);
}

/**
 * Deploys both stacks in their order, without asking: under the environment's lock, and recorded in the cluster.
 *
 * Credentials are checked before anything is applied; what goes wrong is followed by what to do about it.
 *
 * @throws OperationError when it failed
 */
export async function apply(props: ApplyContext): Promise<void> {
  const { root, environment, variables } = props;
  const credentials = await deployCredentials(props);
  const context: CdktfContext = { root, environment, variables, credentials };
  await synthesize(context);
  const progress = withoutRepetition(props.progress);
  const masker = new Masker();
  masker.learnCredentials(Object.values(credentials.values));
  const action = "deploy";
  await locked({ root, environment, action, say: progress.line }, ({ connection, interruption, record }) =>
    withKeptPlans(context, (plan) =>
      record(async () => {
        const plans = await interruption.orInterrupted(plan(context, environment, stacks));
        for (const { stack, changes, json } of plans) {
          progress.line(`${stack}: ${changes ? sum(plannedResources(stack, json, masker)) : "No changes."}`);
        }
        const mask = (text: string): string => masker.log(text);
        await applyPlans({ context, environment, connection, interruption, progress, mask }, plans);
        return { result: plans.some(({ changes }) => changes) ? "succeeded" : "no changes" };
      }),
    ),
  );
}

/** As Terraform sums a plan up: what is replaced is added and destroyed. */
function sum(resources: readonly PlannedResource[]): string {
  const count = (...counted: PlannedResource["action"][]): number =>
    resources.filter(({ type, action }) => type !== "output" && counted.includes(action)).length;
  return `Plan: ${count("add", "replace")} to add, ${count("change")} to change, ${count("destroy", "replace")} to destroy`;
}
