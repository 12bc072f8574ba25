import { releaseHere } from "../deploy/release";
import { goOnUnheard } from "../terminal/interruption";
import { contextOf, environmentCommand } from "../command-line/environment-option";

export const command = environmentCommand(
  "release",
  "deploy without asking, verify, and go back where the environment says so",
)
  .option("--reviewed <file>", "deploy only the plan that npm run diff -- --review wrote")
  .action(({ environment, reviewed }) => {
    goOnUnheard();
    return releaseHere(contextOf(environment), reviewed);
  });
