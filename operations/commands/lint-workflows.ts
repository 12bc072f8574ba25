import { Command } from "@commander-js/extra-typings";
import { lintWorkflows } from "../github/lint-workflows";
import { repository } from "../command-line/repository";
import { print } from "../terminal/print";

export const command = new Command("npm run lint:workflows --")
  .description(
    "faults in the workflows and renovate.json, by actionlint, zizmor and Renovate's own validator",
  )
  .action(() => lintWorkflows(repository, process.env, print));
