import execa from "execa";
import { OperationError } from "../errors/operation-error";
import type { BenchContext } from "./figure";

/**
 * Runs a command to its end and measures how many seconds that takes. An interruption ends it.
 *
 * @param variables all of the process's environment
 * @throws OperationError when its exit code is not 0
 */
export async function timedRun(
  { interruption }: Pick<BenchContext, "interruption">,
  [file = "", ...args]: readonly string[],
  cwd: string,
  variables: NodeJS.ProcessEnv,
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

/**
 * Measures several things in turns, so that whatever else the machine is doing slows all alike. A first round is not
 * counted: it fills caches.
 *
 * @returns what each answered, one a round
 */
export async function inTurns(
  rounds: number,
  measures: readonly (() => Promise<number>)[],
): Promise<number[][]> {
  const found: number[][] = measures.map(() => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, measure] of measures.entries()) {
      const value = await measure();
      if (round > 0) found[i]?.push(value);
    }
  }
  return found;
}
