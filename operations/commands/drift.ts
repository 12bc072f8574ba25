import { loadEnvironment } from "../../applications/load-environment";
import { drift } from "../drift/drift";
import { OperationError } from "../errors/operation-error";
import { confirm } from "../terminal/confirm";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";

interface DriftOptions {
  readonly environment: string;
  readonly unknown?: boolean;
  readonly markdown?: string;
  readonly json?: boolean;
  readonly fix?: boolean;
  readonly yes?: boolean;
}

export const command = environmentCommand("drift", "what differs in the cluster from what was deployed")
  .option("--unknown", "also objects in the platform's namespaces that nobody here deployed")
  .option("--markdown <file>", "also write the report for an issue")
  .option("--json", "answer in JSON")
  .option("--fix", "put back what drifted, after a question")
  .option("-y, --yes", "do not ask")
  .addHelpText("after", "\nexit code: 0 nothing drifted, 2 something did, 1 it could not be found out")
  .action(async ({ environment, unknown, markdown, json, fix, yes }: DriftOptions) => {
    if (json && fix) throw new OperationError("--json reports and --fix changes: give one of them");
    process.exitCode = await drift({
      root: repository,
      environment: loadEnvironment(repository, environment, process.env),
      variables: process.env,
      unknown,
      markdown,
      json,
      fix,
      print: (text) => process.stdout.write(text),
      ask: (question) => confirm(question, { yes, input: process.stdin, output: process.stdout }),
    });
  });
