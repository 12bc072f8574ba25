import execa from "execa";
import { OperationError } from "../errors/operation-error";
import type { Interruption } from "../terraform/interruption";

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
  const child = execa(file, args, {
    ...{ cwd, env: variables, extendEnv: false, stdin: "ignore", reject: false, all: true },
  });
  const interrupt = (): void => void child.kill("SIGTERM", { forceKillAfterTimeout: false });
  const { exitCode, all = "", failed } = await interruption.passOn({ name: file, interrupt }, child);
  interruption.signal.throwIfAborted();
  if (!failed) return (performance.now() - started) / 1000;
  throw new OperationError(
    [
      `${[file, ...args].join(" ")} in ${cwd} ended with exit code ${exitCode ?? "none"}, expected 0`,
      ...all.trim().split("\n").slice(-15),
    ].join("\n  "),
  );
}
