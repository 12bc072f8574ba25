import { historyTable } from "../deploy/history-table";
import { readHistory } from "../deploy/read-history";
import { contextOf, environmentCommand } from "../command-line/environment-option";
import { write } from "../terminal/print";

export const command = environmentCommand(
  "history",
  "who deployed what, when and from which commit, with Helm's revisions",
)
  .argument("[app]", "one application")
  .option("--json", "answer in JSON")
  .action(async (app, { environment, json }) => {
    const found = await readHistory(contextOf(environment), app);
    write(json ? `${JSON.stringify(found, null, 2)}\n` : historyTable(found));
  });
