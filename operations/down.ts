import path from "node:path";
import { OperationError } from "../errors/operation-error";
import { removeSandbox } from "../sandbox/sandbox";
import { environmentCommand } from "./environment-option";
import { repository } from "./repository";

/** What `npm run down` takes. */
export interface DownProps {
  /** Name of an environment; only `sandbox` can be taken down. */
  readonly environment: string;
  /** The sandbox's folder, `.sandbox` of the clone. */
  readonly directory: string;
  /** Whether the answer is one line of JSON. */
  readonly json: boolean;
  /** Takes one line of output. */
  readonly write: (line: string) => void;
}

/**
 * Ends the sandbox of a clone and deletes all that is in it, models and data included.
 *
 * @returns the exit code: 0, also when there was none
 * @throws OperationError when the environment is not the sandbox, or it cannot be removed
 */
export async function run({ environment, directory, json, write }: DownProps): Promise<number> {
  if (environment !== "sandbox") {
    throw new OperationError(
      `"down" removes the sandbox of this clone and nothing else; found: environment "${environment}", allowed: "sandbox". ` +
        `To take the releases out of a cluster: npm run destroy -- --environment ${environment}`,
    );
  }
  const removed = await removeSandbox({ directory });
  if (json) {
    write(JSON.stringify({ directory, ...removed }));
  } else if (removed.existed) {
    const processes = `${removed.processes} ${removed.processes === 1 ? "process" : "processes"}`;
    write(`removed the sandbox in ${directory}: ${processes} ended, cluster, models and data deleted`);
  } else {
    write(`there is no sandbox in ${directory}: nothing to remove`);
  }
  return 0;
}

export const command = environmentCommand(
  "down",
  "remove the sandbox of this clone: its processes and all its data",
  "sandbox",
)
  .option("--json", "answer in JSON", false)
  .action(async ({ environment, json }: { environment: string; json: boolean }) => {
    process.exitCode = await run({
      environment,
      json,
      directory: path.join(repository, ".sandbox"),
      write: (line) => process.stdout.write(`${line}\n`),
    });
  });
