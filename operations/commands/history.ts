import { loadEnvironment } from "../../applications/load-environment";
import { historyTable } from "../deploy/history-table";
import { readHistory } from "../deploy/read-history";
import { environmentCommand } from "../command-line/environment-option";
import { repository } from "../command-line/repository";

export const command = environmentCommand(
  "history",
  "who deployed what, when and from which commit, with Helm's revisions",
)
  .argument("[app]", "one application")
  .option("--json", "answer in JSON")
  .action(async (app: string | undefined, { environment, json }: { environment: string; json?: boolean }) => {
    const found = await readHistory(
      { root: repository, environment: loadEnvironment(repository, environment, process.env) },
      app,
    );
    process.stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : historyTable(found));
  });
