import { outputDirectory, stacks, synthesize } from "../terraform/cdktf";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";
import { write } from "../terminal/print";

export const command = environmentCommand("synth", "both stacks as JSON, offline").action(
  async ({ environment }) => {
    const context = { root: repository, environment: { name: environment }, variables: process.env };
    for (const line of await synthesize(context)) write(`warned: ${line}\n`, process.stderr);
    const files = stacks.map(
      (stack) => `${outputDirectory(environment, process.env)}/stacks/${stack}/cdk.tf.json\n`,
    );
    write(files.join(""));
  },
);
