import { outputDirectory, stacks, synthesize } from "../terraform/cdktf";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";
import { write } from "../terminal/print";

export const command = environmentCommand("synth", "both stacks as Terraform JSON, offline").action(
  async ({ environment }) => {
    await synthesize({ root: repository, environment: { name: environment }, variables: process.env });
    const files = stacks.map(
      (stack) => `${outputDirectory(environment, process.env)}/stacks/${stack}/cdk.tf.json\n`,
    );
    write(files.join(""));
  },
);
