import { releaseHere } from "../deploy/release";
import { contextOf, environmentCommand } from "../command-line/environment-option";

export const command = environmentCommand(
  "release",
  "deploy without asking, verify, and go back where the environment says so",
)
  .option("--reviewed <file>", "deploy only the plan that npm run diff -- --review wrote")
  .action(({ environment, reviewed }) => releaseHere(contextOf(environment), reviewed));
