import { OperationError } from "../errors/operation-error";
import type { CdktfContext } from "./cdktf";
import { terraform } from "./terraform";

/** The outputs of one deployed stack by name. */
export async function stackOutputs(
  context: CdktfContext,
  stack: string,
): Promise<{ [name: string]: unknown }> {
  const { exitCode, stdout, stderr } = await terraform(context, stack, ["output", "-json", "-no-color"]);
  if (exitCode !== 0) throw new OperationError(`the outputs of ${stack} could not be read: ${stderr.trim()}`);
  const outputs = JSON.parse(stdout) as { [name: string]: { value: unknown } };
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}
