import { OperationError } from "../errors/operation-error";
import { runProgram } from "../terminal/run-program";
import type { Interruption } from "../terminal/interruption";

/** Where commands are timed. */
export interface TimedContext {
  /** The repository, absolute. */
  readonly root: string;
  /** All of the environment of the commands. */
  readonly variables: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
}

/**
 * Runs a command to its end and measures how many seconds that takes. An interruption ends it.
 *
 * @throws OperationError when its exit code is not 0
 */
export async function timedRun(
  { root: cwd, variables, interruption }: TimedContext,
  [file = "", ...args]: readonly string[],
): Promise<number> {
  interruption.signal.throwIfAborted();
  const started = performance.now();
  let stop = (): void => undefined;
  const running = runProgram(file, args, { cwd, variables, started: (kill) => (stop = kill) });
  const { exitCode, all } = await interruption.passOn({ name: file, interrupt: () => stop() }, running);
  interruption.signal.throwIfAborted();
  if (exitCode === 0) return (performance.now() - started) / 1000;
  throw new OperationError(
    [
      `${[file, ...args].join(" ")} in ${cwd} ended with exit code ${exitCode ?? "none"}, expected 0`,
      ...all.trim().split("\n").slice(-15),
    ].join("\n  "),
  );
}
