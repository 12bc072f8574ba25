import type { RecordedAction } from "../cluster/deploy-record";
import * as fs from "node:fs";
import type { KeptPlan } from "./apply-plan";
import { applyPlans } from "./apply-plans";

import { type Progress, withoutRepetition } from "../terminal/progress";
import { Masker } from "../secrets/masking";
import { withPlanFiles } from "../terraform/plan-directory";
import { planStacksInto, type StackPlan } from "../diff/plan-stacks";
import { plannedResources, type ResourceAction, resourceChanges } from "../diff/resource-changes";
import type { Environment } from "../../settings/environment";
import { type CdktfContext, stacks, synthesize, workingDirectory } from "../terraform/cdktf";
import { deployCredentials } from "../secrets/deploy-credentials";
import { locked, type LockedEnvironment, type RecordedOutcome } from "./recorded";

export interface ApplyContext {
  readonly root: string;
  readonly environment: Environment;
  /** The process's environment. */
  readonly variables: NodeJS.ProcessEnv;
  /** Takes whole lines. */
  readonly show: (text: string) => void;
  /** What is going on at this moment, where it is shown in another way. @default - a line in `show` */
  readonly status?: (text: string) => void;
  /** What was done, for the record of it. @default - nothing is said */
  readonly note?: string;
}

/**
 * Lends a file for the plan of each stack. A signal does not end the work: see {@link Interruption}.
 *
 * @param work is given the files in the order of the stacks
 */
export function withKeptPlans<Result>(
  context: CdktfContext,
  work: (files: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const directories = stacks.map((stack) => workingDirectory(context, stack));
  // Synthesizing would make them, too late for the files.
  for (const directory of directories) fs.mkdirSync(directory, { recursive: true });
  return withPlanFiles(directories, work, false);
}

/** Plans with the files that they are kept in. */
export function keptPlans(plans: readonly StackPlan[], files: readonly string[]): KeptPlan[] {
  return plans.map((plan, i) => ({ ...plan, file: files[i] ?? "" }));
}

/**
 * Deploys both stacks in their order, without asking: under the environment's lock, and recorded in the cluster.
 *
 * Credentials are checked before anything is applied; what goes wrong is followed by what to do about it.
 *
 * @param action what is recorded
 * @throws OperationError when it failed
 */
export async function apply(action: RecordedAction, props: ApplyContext): Promise<void> {
  const { root, environment, variables, show } = props;
  const context: CdktfContext = {
    root,
    environment: environment.name,
    variables,
    credentials: await deployCredentials({ root, environment, variables }),
  };
  await synthesize(context);
  const progress = withoutRepetition({
    line: (text) => show(`${text}\n`),
    status: props.status ?? ((text) => show(`  ${text}\n`)),
  });
  await locked({ root, environment, action, say: progress.line }, (locked) =>
    withKeptPlans(context, (files) =>
      locked.record(async () => ({
        ...(await planned(context, environment, progress, locked, files)),
        ...(props.note !== undefined && { note: props.note }),
      })),
    ),
  );
}

async function planned(
  context: CdktfContext,
  environment: Environment,
  progress: Progress,
  { connection, interruption }: LockedEnvironment,
  files: readonly string[],
): Promise<RecordedOutcome> {
  const masker = new Masker();
  masker.learnCredentials(Object.values(context.credentials?.values ?? {}));
  const plans = await interruption.orInterrupted(planStacksInto(files, context, environment, stacks));
  const resources = resourceChanges(
    plans.flatMap(({ stack, json }) => plannedResources(stack, json, masker)),
  ).filter(({ address }) => !address.startsWith("output."));
  for (const { stack, changes } of plans) {
    const found = resources.filter((resource) => resource.stack === stack).map(({ action }) => action);
    progress.line(changes ? `${stack}: ${sum(found)}` : `${stack}: No changes.`);
  }
  await applyPlans(
    {
      context,
      environment,
      connection,
      interruption,
      progress,
      mask: (text) => masker.log(text),
    },
    keptPlans(plans, files),
  );
  return { result: plans.some(({ changes }) => changes) ? "succeeded" : "no changes" };
}

/** As Terraform sums a plan up: what is replaced is added and destroyed. */
function sum(actions: readonly ResourceAction[]): string {
  const count = (...counted: ResourceAction[]): number =>
    actions.filter((action) => counted.includes(action)).length;
  return `Plan: ${count("add", "replace")} to add, ${count("change")} to change, ${count("destroy", "replace")} to destroy`;
}
