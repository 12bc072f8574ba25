import { drift } from "../drift/drift";
import { OperationError } from "../errors/operation-error";
import { goOnUnheard } from "../terminal/interruption";
import { contextOf, environmentCommand } from "../command-line/environment-option";
import { asking } from "../terminal/confirm";
import { write } from "../terminal/print";

export const command = environmentCommand("drift", "what differs in the cluster from what was deployed")
  .option("--no-unknown", "without the objects that nobody here deployed")
  .option("--markdown <file>", "also write the report for an issue")
  .option("--json", "answer in JSON")
  .option("--fix", "put back what drifted, after a question")
  .option("-y, --yes", "do not ask")
  .addHelpText("after", "\nexit code: 0 nothing drifted, 2 something did, 1 it could not be found out")
  .action(async ({ environment, unknown, markdown, json, fix, yes }) => {
    if (json && fix) throw new OperationError("--json reports and --fix changes: give one of them");
    if (fix) goOnUnheard();
    process.exitCode = await drift({
      ...contextOf(environment),
      unknown,
      markdown,
      json,
      fix,
      print: write,
      ask: asking(yes),
    });
  });
