import execa from "execa";
import { OperationError } from "../errors/operation-error";

/** A command to be measured. */
export interface TimedCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of the process's environment. */
  readonly variables: NodeJS.ProcessEnv;
}

/** What a command did. */
export interface TimedRun {
  /** Wall time. */
  readonly seconds: number;
  /** What it wrote to stderr. */
  readonly errors: string;
}

/**
 * Runs a command to its end and measures how long that takes.
 *
 * @throws OperationError when its exit code is not 0, or somebody wants to have the bench end
 */
export async function timedRun(
  { file, args, cwd, variables }: TimedCommand,
  signal: AbortSignal,
): Promise<TimedRun> {
  if (signal.aborted) throw new OperationError("stopped");
  const started = performance.now();
  const child = execa(file, [...args], {
    cwd,
    env: variables,
    extendEnv: false,
    stdin: "ignore",
    reject: false,
    all: true,
  });
  const stop = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  try {
    const { exitCode, stderr, all, shortMessage, failed } = (await child) as execa.ExecaError;
    if (signal.aborted) throw new OperationError("stopped");
    if (failed) {
      const lines = (all ?? "").trim().split("\n").slice(-15);
      throw new OperationError(
        [
          exitCode === undefined
            ? shortMessage
            : `${[file, ...args].join(" ")} in ${cwd} ended with exit code ${exitCode}, expected 0`,
          ...lines,
        ].join("\n  "),
      );
    }
    return { seconds: (performance.now() - started) / 1000, errors: stderr };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
