import { loadEnvironment } from "../../applications/load-environment";
import { unlock } from "../deploy/unlock";
import { confirm } from "../terminal/confirm";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";

interface UnlockOptions {
  readonly environment: string;
  readonly rollback?: boolean;
  readonly force: readonly string[];
  readonly yes?: boolean;
}

export const command = environmentCommand("unlock", "frees what a killed deploy left behind")
  .option("--rollback", "go back to the last deployed revision, instead of marking the release as failed")
  .option(
    "--force <release>",
    "also free this release, or stack, though it is young: you know that its deployer is gone",
    (name: string, names: readonly string[]) => [...names, name],
    [],
  )
  .option("-y, --yes", "do not ask")
  .addHelpText("after", "\nexit code: 0 nothing is stuck any more, 2 something is left alone, 1 it failed")
  .action(async ({ environment, rollback, force, yes }: UnlockOptions) => {
    const { left } = await unlock({
      root: repository,
      environment: loadEnvironment(repository, environment, process.env),
      variables: process.env,
      rollback,
      forced: force,
      print: (text) => process.stdout.write(text),
      ask: (question) => confirm(question, { yes, input: process.stdin, output: process.stdout }),
    });
    process.exitCode = left > 0 ? 2 : 0;
  });
