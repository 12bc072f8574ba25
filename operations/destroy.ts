import { connect } from "../cluster/kubeconfig";
import { apply, type ApplyContext } from "./apply";
import { applyCommand } from "./apply-command";

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

export const command = applyCommand("destroy", "both stacks, the releases first, and their data", destroy);
