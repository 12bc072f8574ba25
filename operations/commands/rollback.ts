import { rollback } from "../deploy/rollback";
import { OperationError } from "../errors/operation-error";
import { goOnUnheard } from "../terminal/interruption";
import { contextOf, environmentCommand } from "../command-line/environment-option";
import { asking } from "../terminal/confirm";
import { write } from "../terminal/print";

export const command = environmentCommand("rollback", "an application back to its last good revision")
  .argument("<app>", "name of the release")
  .argument("[revision]", "Helm's revision (default: the last good one before the current)", (text) => {
    if (/^[1-9]\d*$/.test(text)) return Number(text);
    throw new OperationError(`${text} is not a revision: expected a number, such as 3`);
  })
  .option("-y, --yes", "do not ask")
  .action((app, revision, { environment, yes }) => {
    goOnUnheard();
    return rollback({
      ...contextOf(environment),
      release: app,
      revision,
      print: write,
      ask: asking(yes),
    });
  });
