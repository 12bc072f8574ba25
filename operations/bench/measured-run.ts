import { OperationError } from "../errors/operation-error";
import { runProgram } from "../terminal/run-program";
import type { Interruption } from "../terminal/interruption";

/** Where commands are measured. */
export interface MeasuredContext {
  /** Where they run, absolute. */
  readonly root: string;
  /** All of the environment of the commands. */
  readonly variables: NodeJS.ProcessEnv;
  readonly interruption: Interruption;
}

/** What a command took. */
export interface Measurement {
  readonly seconds: number;
  readonly stdout: string;
}

/**
 * Runs a command to its end and measures what that takes. An interruption ends it.
 *
 * @param exitCodes that are no failure. @default [0]
 * @throws OperationError when it ends with another
 */
export async function measuredRun(
  { root: cwd, variables, interruption }: MeasuredContext,
  [file = "", ...args]: readonly string[],
  exitCodes: readonly number[] = [0],
): Promise<Measurement> {
  interruption.signal.throwIfAborted();
  const started = performance.now();
  let stop = (): void => undefined;
  const running = runProgram(file, args, { cwd, variables, started: (kill) => (stop = kill) });
  const { exitCode, all, stdout } = await interruption.passOn(
    { name: file, interrupt: () => stop() },
    running,
  );
  interruption.signal.throwIfAborted();
  if (exitCode !== undefined && exitCodes.includes(exitCode)) {
    return { seconds: (performance.now() - started) / 1000, stdout };
  }
  throw new OperationError(
    [
      `${[file, ...args].join(" ")} in ${cwd} ended with exit code ${exitCode ?? "none"}, expected ${exitCodes.join(" or ")}`,
      ...all.trim().split("\n").slice(-15),
    ].join("\n  "),
  );
}
