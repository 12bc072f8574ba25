import * as fs from "node:fs";
import * as path from "node:path";
import { OperationError } from "../errors/operation-error";
import { oldestTerraform } from "../../constructs/terraform-version";
import { type Engine, engineOf } from "../../settings/engine";
import type { Environment } from "../../settings/environment";
import { type ProgramRun, type RunOptions, runProgram } from "../terminal/run-program";
import { adviceFor } from "./advice";
import { encryptionFault } from "./encryption-fault";
import { type CdktfContext, processEnvironment, workingDirectory } from "./cdktf";

/** How a run of Terraform ended. */
export type TerraformRun = ProgramRun & { readonly exitCode: number };

/**
 * Runs Terraform, or the engine that stands in its place, in the directory of a stack: nothing else starts one, but to ask for
 * its version.
 *
 * @throws OperationError when it is not there or was killed, or would not encrypt what is to be encrypted
 */
export async function terraform(
  context: CdktfContext,
  stack: string,
  args: readonly string[],
  options: Pick<RunOptions, "output" | "started"> = {},
): Promise<TerraformRun> {
  const { environment, variables } = context;
  const fault = encryptionFault(environment, variables);
  if (fault) throw new OperationError(`${fault.found}: ${fault.fix}`);
  const { program, title } = engineOf(environment.engine, variables);
  const { exitCode, signal, ...said } = await runProgram(program, args, {
    title: `${program} ${args[0]} ${stack}`,
    cwd: workingDirectory(context, stack),
    variables: {
      // Half as much collecting of garbage saves a tenth of a plan's time and a fifth of what a deploy computes.
      GOGC: "200",
      ...processEnvironment(context),
      ...(context.providers && { TF_REATTACH_PROVIDERS: context.providers }),
    },
    ...options,
  });
  if (exitCode !== undefined) return { exitCode, ...said };
  throw new OperationError(
    signal
      ? `${program} was killed (${signal}), such as for its memory, or by somebody: run this again`
      : `${program} is not on PATH: install ${title} ${newEnough}, then run this again`,
  );
}

/** What an engine says of its version; empty where it says nothing. */
export async function saidVersion({ program }: Engine, variables: NodeJS.ProcessEnv): Promise<string> {
  // It asks its maker's server for news otherwise, and a network that swallows packets would hold it.
  const quiet = { variables: { ...variables, CHECKPOINT_DISABLE: "1" }, timeoutMs: 5000 };
  return (await runProgram(program, ["version"], quiet)).stdout;
}

/** Such as `1.11 or newer`. */
export const newEnough = `${oldestTerraform.replace(/\.0$/, "")} or newer`;

/**
 * Runs Terraform in the directory of a stack, and prepares the directory first where that is necessary. Preparing it costs
 * half a second, and Terraform says by itself when it lacks something.
 */
export async function terraformInitialized(
  context: CdktfContext,
  stack: string,
  args: readonly string[],
): Promise<TerraformRun> {
  const directory = path.join(workingDirectory(context, stack), ".terraform");
  if (fs.existsSync(directory)) {
    const run = await terraform(context, stack, args);
    if (run.exitCode !== 1 || !lacksPreparation.test(run.stderr)) return run;
  }
  // It would leave out of the lock what runs already.
  const init = await terraform({ ...context, providers: undefined }, stack, [
    "init",
    "-input=false",
    "-no-color",
  ]);
  return init.exitCode === 0 ? terraform(context, stack, args) : init;
}

/** To a person Terraform names the command; what it lacks of its providers it tells programs in other words. */
const lacksPreparation = /(terraform|tofu)\s+init|required\s+plugins\s+are\s+not\s+installed/i;

/** The error of a run that failed: what Terraform said, without its frame, and what to do about it. */
export function terraformError(
  stack: string,
  { stdout, stderr }: TerraformRun,
  environment: Environment,
): OperationError {
  const said = stderr
    .replace(/^[│╷╵]\s?/gm, "")
    // Where the rule stands that was broken, and everything that it reads: its own words say it.
    .replace(/^Error: Resource postcondition failed\n[\s\S]*?\n\n(?=\S)/gm, "")
    .replace(/\n{2,}/g, "\n")
    .trim();
  const advice = adviceFor(`${stdout}\n${stderr}`, environment);
  return new OperationError(
    [
      `${stack} could not be planned, so that nothing is known of its changes:`,
      ...said.split("\n"),
      ...(advice ? [advice] : []),
    ].join("\n  "),
  );
}
