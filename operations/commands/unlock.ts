import { unlock } from "../deploy/unlock";
import { goOnUnheard } from "../terminal/interruption";
import { contextOf, environmentCommand } from "../command-line/environment-option";
import { asking } from "../terminal/confirm";
import { write } from "../terminal/print";

export const command = environmentCommand("unlock", "frees what a killed deploy left behind")
  .option("--rollback", "go back to the last deployed revision, instead of marking the release as failed")
  .option(
    "--force <release>",
    "also free this release, or stack, though it is young: you know that its deployer is gone",
    (name, names: readonly string[]) => [...names, name],
    [] as readonly string[],
  )
  .option("-y, --yes", "do not ask")
  .addHelpText("after", "\nexit code: 0 nothing is stuck any more, 2 something is left alone, 1 it failed")
  .action(async ({ environment, rollback, force, yes }) => {
    goOnUnheard();
    const { left } = await unlock({
      ...contextOf(environment),
      rollback,
      forced: force,
      print: write,
      ask: asking(yes),
    });
    process.exitCode = left > 0 ? 2 : 0;
  });
