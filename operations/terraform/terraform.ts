import * as fs from "node:fs";
import * as path from "node:path";
import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";
import { type ProgramRun, runProgram } from "../terminal/run-program";
import { adviceFor } from "./advice";
import { type CdktfContext, processEnvironment, terraformProgram, workingDirectory } from "./cdktf";

/** How a run of Terraform ended. */
export type TerraformRun = ProgramRun & { readonly exitCode: number };

/** Runs Terraform in the directory of a stack. */
export async function terraform(
  context: CdktfContext,
  stack: string,
  args: readonly string[],
): Promise<TerraformRun> {
  const { exitCode, signal, ...said } = await runProgram(terraformProgram(context.variables), args, {
    title: `terraform ${args[0]} ${stack}`,
    cwd: workingDirectory(context, stack),
    // Short runs: collecting garbage costs them a tenth of their time and saves memory that they do not need.
    variables: { GOGC: "400", ...processEnvironment(context) },
  });
  if (exitCode === undefined) throw noTerraform(signal);
  return { exitCode, ...said };
}

/** Terraform has no exit code. @param signal what killed it */
export function noTerraform(signal: string | undefined): OperationError {
  return new OperationError(
    signal
      ? `terraform was killed (${signal}), such as for its memory, or by somebody: run this again`
      : "terraform is not on PATH: install Terraform 1.11 or newer, then run this again",
  );
}

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
  const init = await terraform(context, stack, ["init", "-input=false", "-no-color"]);
  return init.exitCode === 0 ? terraform(context, stack, args) : init;
}

/** To a person Terraform names the command; what it lacks of its providers it tells programs in other words. */
const lacksPreparation = /terraform\s+init|required\s+plugins\s+are\s+not\s+installed/i;

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
