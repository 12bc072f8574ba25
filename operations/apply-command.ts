import type { Command } from "commander";
import { loadSettings } from "../settings/load-settings";
import type { ApplyContext } from "./apply";
import { confirm } from "./confirm";
import { environmentCommand } from "./environment-option";
import { repository } from "./repository";

/**
 * A command that changes a cluster after a question, which `--yes` answers.
 *
 * @param work throws when the question is not answered with yes
 */
export function applyCommand(
  name: string,
  description: string,
  work: (context: ApplyContext, ask: (question: string) => Promise<void>) => Promise<void>,
): Command {
  return environmentCommand(name, description)
    .option("-y, --yes", "do not ask")
    .action(async ({ environment, yes }: { environment: string; yes?: boolean }) => {
      const settings = loadSettings(repository, { ...process.env, ENVIRONMENT: environment });
      await work(
        {
          root: repository,
          environment: settings.environment,
          variables: process.env,
          show: (text) => process.stdout.write(text),
          color: process.stdout.isTTY,
        },
        (question) => confirm(question, { yes, input: process.stdin, output: process.stdout }),
      );
    });
}
