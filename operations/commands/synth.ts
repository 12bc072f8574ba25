import { OperationError } from "../errors/operation-error";
import { outputDirectory, stacks, synthesize } from "../terraform/cdktf";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";

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

export const command = environmentCommand("synth", "both stacks as Terraform JSON, offline").action(
  ({ environment }: { environment: string }) =>
    synth({
      root: repository,
      environment,
      variables: process.env,
      print: (line) => process.stdout.write(`${line}\n`),
    }),
);
