import { loadEnvironment } from "../../applications/load-environment";
import { rollback } from "../deploy/rollback";
import { OperationError } from "../errors/operation-error";
import { confirm } from "../terminal/confirm";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";

interface RollbackOptions {
  readonly environment: string;
  readonly yes?: boolean;
}

export const command = environmentCommand("rollback", "an application back to its last good revision")
  .argument("<app>", "name of the release")
  .argument("[revision]", "Helm's revision (default: the last good one before the current)", (text) => {
    if (/^[1-9]\d*$/.test(text)) return Number(text);
    throw new OperationError(`${text} is not a revision: expected a number, such as 3`);
  })
  .option("-y, --yes", "do not ask")
  .action(async (app: string, revision: number | undefined, { environment, yes }: RollbackOptions) => {
    await rollback({
      root: repository,
      environment: loadEnvironment(repository, environment, process.env),
      variables: process.env,
      release: app,
      revision,
      print: (text) => process.stdout.write(text),
      ask: (question) => confirm(question, { yes, input: process.stdin, output: process.stdout }),
    });
  });
