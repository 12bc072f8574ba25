import { synth } from "../terraform/synth";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";

export const command = environmentCommand("synth", "both stacks as Terraform JSON, offline").action(
  ({ environment }: { environment: string }) =>
    synth({
      root: repository,
      environment,
      variables: process.env,
      print: (line) => process.stdout.write(`${line}\n`),
    }),
);
