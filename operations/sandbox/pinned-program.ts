import { findProgram } from "./toolchain";
import { type ProgramRun, runProgram } from "../terminal/run-program";

/** A program at one version, since another finds other faults. */
export interface PinnedProgram {
  readonly name: string;
  readonly version: string;
  /** Ways to run it without installing it, of which the first that works is taken: `{version}` in them stands for the version. */
  readonly fetched: readonly (readonly string[])[];
  /** What it is asked to see whether it runs. @default ["--version"] */
  readonly asked?: readonly string[];
}

/**
 * Finds a program at its version: on PATH, or by a program that fetches it.
 *
 * @param variables the process's environment
 * @returns what runs it, or why it cannot be run on this machine
 */
export async function findPinned(
  { name: own, version, fetched, asked = ["--version"] }: PinnedProgram,
  variables: NodeJS.ProcessEnv,
): Promise<((args: readonly string[]) => Promise<ProgramRun>) | string> {
  const reasons: string[] = [];
  for (const [name = "", ...first] of [[own], ...fetched]) {
    const program = findProgram(name, variables);
    if (!program) {
      reasons.push(`${name} is not on PATH`);
      continue;
    }
    const fetching = first.map((argument) => argument.replace("{version}", version));
    const run = (args: readonly string[]) => runProgram(program, [...fetching, ...args], { variables });
    const { exitCode, stdout, stderr } = await run(asked);
    // One that Go made of a module does not always know its own version.
    const isPinned = first.some((argument) => argument.includes("{version}"));
    if (exitCode === 0 && (isPinned || stdout.includes(version))) return run;
    const found =
      exitCode === 0 ? `is ${stdout.split("\n")[0]}` : stderr.trim().split("\n").pop() || "no answer";
    reasons.push(`${[name, ...fetching].join(" ")}: ${found}`);
  }
  return `expected version ${version}: ${reasons.join("; ")}`;
}
