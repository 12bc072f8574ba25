import { Command } from "commander";
import { lintWorkflows } from "../github/lint-workflows";
import { repository } from "../command-line/repository";

export const command = new Command("npm run lint:workflows --")
  .description("faults in the workflows, by actionlint and zizmor")
  .action(() =>
    lintWorkflows({
      root: repository,
      variables: process.env,
      say: (line) => process.stdout.write(`${line}\n`),
    }),
  );
