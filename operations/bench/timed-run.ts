import execa from "execa";
import { OperationError } from "../errors/operation-error";

/** Where a command is run: `variables` is all of the process's environment. */
export interface Surroundings {
  readonly cwd: string;
  readonly variables: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/**
 * Runs a command to its end and measures how long that takes.
 *
 * @returns wall time, and what it wrote to stderr
 * @throws OperationError when its exit code is not 0, or somebody wants to have the bench end
 */
export async function timedRun(
  [file = "", ...args]: readonly string[],
  { cwd, variables: env, signal }: Surroundings,
): Promise<{ readonly seconds: number; readonly errors: string }> {
  if (signal.aborted) throw new OperationError("stopped");
  const started = performance.now();
  const child = execa(file, args, { cwd, env, extendEnv: false, stdin: "ignore", reject: false, all: true });
  const stop = (): void => void child.kill("SIGTERM");
  signal.addEventListener("abort", stop);
  const { exitCode, stderr, all = "", failed } = await child;
  signal.removeEventListener("abort", stop);
  if (signal.aborted) throw new OperationError("stopped");
  if (!failed) return { seconds: (performance.now() - started) / 1000, errors: stderr };
  throw new OperationError(
    [
      `${[file, ...args].join(" ")} in ${cwd} ended with exit code ${exitCode ?? "none"}, expected 0`,
      ...all.trim().split("\n").slice(-15),
    ].join("\n  "),
  );
}

/**
 * Runs two measurements in turns, so that whatever else the machine is doing slows both alike. A first run of each is not
 * counted: it fills caches.
 *
 * @returns what each answered, one a run
 */
export async function inTurns<Answer>(
  runs: number,
  ours: () => Promise<Answer>,
  beside: () => Promise<Answer>,
): Promise<readonly [ours: Answer[], beside: Answer[]]> {
  const found: [Answer[], Answer[]] = [[], []];
  for (let run = 0; run <= runs; run++) {
    const both = [await ours(), await beside()] as const;
    if (run > 0) found.forEach((samples, i) => samples.push(both[i] as Answer));
  }
  return found;
}
