import { loadEnvironment } from "../../applications/load-environment";
import { releaseHere } from "../deploy/release";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";

export const command = environmentCommand(
  "release",
  "deploy without asking, verify, and go back where the environment says so",
)
  .option("--reviewed <file>", "deploy only the plan that npm run diff -- --review wrote")
  .action(async ({ environment, reviewed }: { environment: string; reviewed?: string }) => {
    const settings = loadEnvironment(repository, environment, process.env);
    await releaseHere(repository, settings, process.env, reviewed);
  });
