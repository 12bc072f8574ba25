import { Command } from "@commander-js/extra-typings";
import { lintWorkflows } from "../github/lint-workflows";
import { repository } from "../command-line/repository";
import { print } from "../terminal/print";

export const command = new Command("npm run lint:workflows --")
  .description("faults in the workflows, by actionlint and zizmor")
  .action(() => lintWorkflows(repository, process.env, print));
