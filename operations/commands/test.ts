import { Command } from "@commander-js/extra-typings";
import { runTiers } from "../testing/run-tiers";
import { repository } from "../command-line/repository";
import { print } from "../terminal/print";

export const command = new Command("npm test --")
  .description("every tier of the tests that this machine can run")
  .argument("[jest...]", "arguments for jest")
  .allowUnknownOption()
  .passThroughOptions()
  .action(async (args) => {
    process.exitCode = await runTiers(repository, process.env, args, print);
  });
