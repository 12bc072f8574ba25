import { connect } from "../cluster/kubeconfig";
import { loadSettings } from "../settings/load-settings";
import { apply, type ApplyContext } from "./apply";
import { confirm } from "./confirm";
import { environmentCommand } from "./environment-option";
import { headedTable, platformRows } from "./platform-table";
import { repository } from "./repository";

/** Deploys both stacks to the environment's cluster, after a question. */
export async function deploy(context: ApplyContext, ask: (question: string) => Promise<void>): Promise<void> {
  const { root, environment, variables, show } = context;
  const settings = loadSettings(root, { ...variables, ENVIRONMENT: environment.name });
  // A context that is not there is found before anything is asked.
  connect(root, environment);
  show(`${headedTable(platformRows(settings))}\n\n`);
  await ask(`deploy ${environment.name} to the context ${environment.cluster.context}?`);
  await apply("deploy", context);
}

export const command = environmentCommand("deploy", "both stacks, in order")
  .option("-y, --yes", "do not ask")
  .action(async ({ environment, yes }: { environment: string; yes?: boolean }) => {
    const settings = loadSettings(repository, { ...process.env, ENVIRONMENT: environment });
    await deploy(
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
