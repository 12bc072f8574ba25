import { connect } from "../cluster/kubeconfig";
import { loadSettings } from "../settings/load-settings";
import { apply, type ApplyContext } from "./apply";
import { applyCommand } from "./apply-command";
import { headedTable, platformRows } from "./platform-table";

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

export const command = applyCommand("deploy", "both stacks, in order", deploy);
