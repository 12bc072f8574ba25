import * as fs from "node:fs";
import { OperationError } from "../errors/operation-error";
import { runProgram } from "../terminal/run-program";
import type { Interruption } from "../terminal/interruption";
import { family } from "./family";

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
  /** The most memory that it and every process below it had at one moment, in MB: what they share is counted once. */
  readonly peakMb: number;
  readonly stdout: string;
}

const sampleMs = 100;

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
  let peakMb = 0;
  const sample = setInterval(() => (peakMb = Math.max(peakMb, memoryOf(family(process.pid)))), sampleMs);
  const running = runProgram(file, args, { cwd, variables, started: (kill) => (stop = kill) });
  const { exitCode, all, stdout } = await interruption
    .passOn({ name: file, interrupt: () => stop() }, running)
    .finally(() => clearInterval(sample));
  interruption.signal.throwIfAborted();
  if (exitCode !== undefined && exitCodes.includes(exitCode)) {
    return { seconds: (performance.now() - started) / 1000, peakMb, stdout };
  }
  throw new OperationError(
    [
      `${[file, ...args].join(" ")} in ${cwd} ended with exit code ${exitCode ?? "none"}, expected ${exitCodes.join(" or ")}`,
      ...all.trim().split("\n").slice(-15),
    ].join("\n  "),
  );
}

/** Proportional set sizes, in MB; none where the system does not say. @see https://docs.kernel.org/filesystems/proc.html */
function memoryOf(pids: readonly number[]): number {
  const sizes = pids.map((pid) => {
    try {
      return Number(/^Pss: +(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    } catch {
      // It has ended meanwhile.
      return 0;
    }
  });
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}
