import { connect } from "../cluster/kubeconfig";
import { loadSettings } from "../settings/load-settings";
import { apply, type ApplyContext } from "./apply";
import { confirm } from "./confirm";
import { environmentCommand } from "./environment-option";
import { repository } from "./repository";

/** Destroys both stacks, the releases first, after a question. */
export async function destroy(
  context: ApplyContext,
  ask: (question: string) => Promise<void>,
): Promise<void> {
  const { root, environment } = context;
  connect(root, environment);
  await ask(
    `destroy ${environment.name} in the context ${environment.cluster.context}, with every conversation, upload and model?`,
  );
  await apply("destroy", context);
}

export const command = environmentCommand("destroy", "both stacks, the releases first, and their data")
  .option("-y, --yes", "do not ask")
  .action(async ({ environment, yes }: { environment: string; yes?: boolean }) => {
    const settings = loadSettings(repository, { ...process.env, ENVIRONMENT: environment });
    await destroy(
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
