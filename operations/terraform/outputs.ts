import execa from "execa";
import { type CdktfContext, processEnvironment, workingDirectory } from "./cdktf";
import { terraformProgram } from "./program";

/** The outputs of one deployed stack by name. */
export async function stackOutputs(
  context: CdktfContext,
  stack: string,
): Promise<{ [name: string]: unknown }> {
  const { stdout } = await execa(terraformProgram(context.variables), ["output", "-json", "-no-color"], {
    cwd: workingDirectory(context, stack),
    env: processEnvironment(context),
    extendEnv: false,
    stdin: "ignore",
  });
  const outputs = JSON.parse(stdout) as { [name: string]: { value: unknown } };
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}
