import { namespacesOf } from "../../applications/releases";
import type { KubeConfig } from "@kubernetes/client-node";
import { connect } from "../cluster/kubeconfig";
import { oneLine } from "../cluster/one-line";
import { howToFree } from "../releases/how-to-free";
import { isKept } from "../../constructs/kept-data";
import { InterruptedError } from "../errors/interrupted-error";
import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";
import { loadSettings } from "../../applications/load-settings";
import { adviceFor } from "../terraform/advice";
import type { ApplyEvent } from "../terraform/apply-events";
import type { ApplyRun } from "../terraform/apply-run";
import { type CdktfContext, synthesize } from "../terraform/cdktf";
import { placeholders } from "../terraform/credentials-for-plan";
import { destroyStack, keepOnly } from "../terraform/destroy-stack";
import type { Interruption } from "../terminal/interruption";
import { heldDeletions, podsGone, watchDeletions } from "./deletions";
import { type RecordedOutcome, recorded } from "./recorded";

export interface DestroyContext {
  readonly root: string;
  /** Name of the environment. */
  readonly environment: string;
  /** The process's environment. */
  readonly variables: NodeJS.ProcessEnv;
  /** Whether its data goes, too, wherever else the environment keeps it. */
  readonly deleteData: boolean;
  /** Takes one line. */
  readonly print: (line: string) => void;
  /** Throws unless the answer is yes. */
  readonly ask: (question: string) => Promise<void>;
  /** Throws unless somebody types the name: for data, which cannot be had back. */
  readonly askForName: (question: string, name: string) => Promise<void>;
}

/**
 * Destroys both stacks after a question: the releases first, and what guards their namespaces once their pods are gone. Where the environment's data is kept, its claims and their
 * namespaces stay, in the cluster as in the state, so that the next deploy finds them.
 *
 * @throws OperationError when it failed: what is left goes with the next run
 */
export async function destroy(context: DestroyContext): Promise<void> {
  const { root, deleteData, ask, askForName } = context;
  const load = (variables: NodeJS.ProcessEnv): Environment =>
    loadSettings(root, { ...variables, ENVIRONMENT: context.environment }).environment;
  const variables = deleteData
    ? { ...context.variables, DELETE_DATA: load(context.variables).name }
    : context.variables;
  const environment = load(variables);
  const { name, cluster, storage } = environment;
  // A context that is not there is found before anything is asked.
  const connection = connect(root, environment);
  if (deleteData) {
    const question = `destroy ${name} in the context ${cluster.context}, and delete every conversation, upload and model?`;
    await askForName(question, name);
  } else {
    const data =
      storage.onDestroy === "keep" ? "but keep its data" : "with every conversation, upload and model";
    await ask(`destroy ${name} in the context ${cluster.context}, ${data}?`);
  }
  await destroyStacks(connection, context, variables, environment);
}

async function destroyStacks(
  connection: KubeConfig,
  { root, print }: DestroyContext,
  variables: NodeJS.ProcessEnv,
  environment: Environment,
): Promise<void> {
  const keep = environment.storage.onDestroy === "keep";
  const context: CdktfContext = {
    root,
    environment,
    variables,
    // Nothing is read of them, but Terraform wants them well-formed.
    credentials: { values: placeholders(environment), revisions: {} },
  };
  // What goes is said once, when it is gone.
  const onEvent = (event: ApplyEvent): void => {
    if (event.kind !== "problem" && event.kind !== "start") print(event.text);
  };
  const namespaces = [...new Set(namespacesOf(environment))];
  const endWatch = watchDeletions(connection, namespaces, print);
  let claims: readonly string[] = [];
  await recorded(
    { root, environment, action: "destroy", say: print },
    async (interruption): Promise<RecordedOutcome> => {
      const props = { context, interruption, onEvent };
      await interruption.orInterrupted(synthesize(context));
      await succeeded("llm-apps", await destroyStack({ ...props, stack: "llm-apps" }), interruption);
      await podsGone(connection, namespaces, interruption.signal);
      if (interruption.signal.aborted) throw interrupted();
      if (keep) {
        const run = await keepOnly({ ...props, stack: "foundation" }, isKept);
        await succeeded("foundation", run, interruption);
        claims = run.claims;
      } else {
        await succeeded("foundation", await destroyStack({ ...props, stack: "foundation" }), interruption);
      }
      return { result: "succeeded", note: keep ? "data kept" : "data deleted" };
    },
  ).finally(endWatch);
  print(claims.length ? kept(environment, claims) : `${environment.name} is gone, with its data`);

  function interrupted(): InterruptedError {
    return new InterruptedError(
      `interrupted: ${environment.name} is destroyed in part; run this again and it goes on where it ended`,
    );
  }

  async function succeeded(
    stack: string,
    { exitCode, errors }: ApplyRun,
    { signal }: Interruption,
  ): Promise<void> {
    if (exitCode === 0) return;
    if (signal.aborted) throw interrupted();
    const held = await heldDeletions(connection, namespaces).catch((): string[] => []);
    const output = errors.map(({ summary, detail }) => `Error: ${summary}\n${detail}`).join("\n");
    const lines = [
      `${stack} of ${environment.name} could not be destroyed in the context ${environment.cluster.context}:`,
      ...output
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) => `  ${line}`),
      ...held.map((line) => `  ${line}`),
      adviceFor(output, environment, await howToFree({ root, environment, variables })) ??
        "fix what it says, then run this again: it goes on where it ended",
    ];
    throw new OperationError(lines.join("\n"), { found: oneLine(`${stack}: ${output}`) });
  }
}

function kept({ name }: Environment, claims: readonly string[]): string {
  const selected = `--environment ${name}`;
  return [
    `${name} is gone but for its data, which the next deploy finds again:`,
    ...claims.map((claim) => `  ${claim}`),
    `deploy again:        npm run deploy -- ${selected}`,
    `delete the data too: npm run destroy -- ${selected} --delete-data`,
  ].join("\n");
}
