import { connect } from "../cluster/kubeconfig";
import { isKept } from "../../constructs/kept-data";
import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";
import { loadSettings } from "../../applications/load-settings";
import { adviceFor } from "../terraform/advice";
import { type CdktfContext, synthesize } from "../terraform/cdktf";
import { destroyStack, keepOnly, type StackRun } from "../terraform/destroy-stack";
import { progressLines } from "../terraform/progress";
import { confirm } from "../terminal/confirm";
import { confirmName } from "../terminal/confirm-name";
import { environmentCommand } from "../command-line/environment-option";
import { InterruptedError, type RecordedOutcome, recorded } from "../deploy/recorded";
import { repository } from "../command-line/repository";

export interface DestroyContext {
  readonly root: string;
  readonly environment: Environment;
  /** The process's environment. */
  readonly variables: NodeJS.ProcessEnv;
  /** Takes one line. */
  readonly print: (line: string) => void;
}

/**
 * Destroys both stacks, the releases first. Where the environment's data is kept, its claims and their namespaces stay, in
 * the cluster as in the state, so that the next deploy finds them.
 *
 * @throws OperationError when it failed: what is left goes with the next run
 */
export async function destroy({ root, environment, variables, print }: DestroyContext): Promise<void> {
  const keep = environment.storage.onDestroy === "keep";
  const context: CdktfContext = { root, environment: environment.name, variables };
  // What goes is said once, when it is gone.
  const show = progressLines((line) => {
    if (!line.includes(": Destroying...")) print(line);
  });
  let claims: readonly string[] = [];
  await recorded(
    { root, environment, action: "destroy", say: print, releases: () => Promise.resolve([]) },
    async (interruption): Promise<RecordedOutcome> => {
      const props = { context, interruption, show };
      const { exitCode, errors } = await synthesize(context);
      if (exitCode !== 0) throw new OperationError(errors.trim());
      succeeded("llm-apps", await destroyStack({ ...props, stack: "llm-apps" }));
      if (keep) {
        const run = await keepOnly({ ...props, stack: "foundation" }, isKept);
        succeeded("foundation", run);
        claims = run.claims;
      } else {
        succeeded("foundation", await destroyStack({ ...props, stack: "foundation" }));
      }
      return { result: "succeeded", note: keep ? "data kept" : "data deleted" };
    },
  );
  print(claims.length ? kept(environment, claims) : `${environment.name} is gone, with its data`);

  function succeeded(stack: string, { exitCode, output, interrupted }: StackRun): void {
    if (exitCode === 0) return;
    if (interrupted) {
      throw new InterruptedError(
        `interrupted: ${environment.name} is destroyed in part; run this again and it goes on where it ended`,
      );
    }
    const lines = [
      `${stack} of ${environment.name} could not be destroyed in the context ${environment.cluster.context}:`,
      ...errorLines(output).map((line) => `  ${line}`),
      adviceFor({ output, environment }) ??
        "mend what it says, then run this again: it goes on where it ended",
    ];
    throw new OperationError(lines.join("\n"));
  }
}

/** What Terraform says went wrong, without its frame. */
function errorLines(output: string): string[] {
  const start = output.search(/^[│╷╵ ]*Error: /m);
  return output
    .slice(Math.max(start, 0))
    .replace(/^[│╷╵]\s?/gm, "")
    .split("\n")
    .filter((line) => line.trim() !== "");
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

interface DestroyOptions {
  readonly environment: string;
  readonly yes?: boolean;
  readonly deleteData?: string | true;
}

export const command = environmentCommand("destroy", "both stacks, the releases first; data is kept")
  .option("-y, --yes", "do not ask; it does not stand for --delete-data's answer")
  .option(
    "--delete-data [name]",
    "delete models, conversations and uploads too: asks for the environment's name, unless it is given here",
  )
  .addHelpText(
    "after",
    "\nAn environment whose storage.onDestroy is delete loses its data without --delete-data.",
  )
  .action(async ({ environment: selected, yes, deleteData }: DestroyOptions) => {
    const streams = { input: process.stdin, output: process.stdout };
    const load = (variables: NodeJS.ProcessEnv): Environment =>
      loadSettings(repository, { ...variables, ENVIRONMENT: selected }).environment;
    const found = load(process.env);
    const variables = deleteData === undefined ? process.env : { ...process.env, DELETE_DATA: found.name };
    const environment = deleteData === undefined ? found : load(variables);
    const { name, cluster, storage } = environment;
    // A context that is not there is found before anything is asked.
    connect(repository, environment);
    if (deleteData !== undefined) {
      await confirmName(
        `destroy ${name} in the context ${cluster.context}, and delete every conversation, upload and model?`,
        { name, given: deleteData === true ? undefined : deleteData, option: "--delete-data", ...streams },
      );
    } else {
      const data =
        storage.onDestroy === "keep" ? "but keep its data" : "with every conversation, upload and model";
      await confirm(`destroy ${name} in the context ${cluster.context}, ${data}?`, { yes, ...streams });
    }
    await destroy({
      root: repository,
      environment,
      variables,
      print: (line) => process.stdout.write(`${line}\n`),
    });
  });
