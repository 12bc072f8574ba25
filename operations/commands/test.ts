import { Command } from "commander";
import { runTiers } from "../testing/run-tiers";
import { repository } from "../command-line/repository";

export const command = new Command("npm test --")
  .description("every tier of the tests that this machine can run")
  .argument("[jest...]", "arguments for jest")
  .allowUnknownOption()
  .passThroughOptions()
  .action(async (args: string[]) => {
    process.exitCode = await runTiers(repository, process.env, args, (line) =>
      process.stdout.write(`${line}\n`),
    );
  });
