import { OperationError } from "../errors/operation-error";
import { outputDirectory, stacks, synthesize } from "./cdktf";

/** Synthesizes both stacks to Terraform JSON, offline. */
export async function synth(context: {
  readonly root: string;
  readonly environment: string;
  readonly variables: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
}): Promise<void> {
  const { exitCode, errors } = await synthesize(context);
  if (exitCode !== 0) throw new OperationError(errors);
  for (const stack of stacks) {
    context.print(`${outputDirectory(context.environment)}/stacks/${stack}/cdk.tf.json`);
  }
}
