import { type ProgramRun, runProgram } from "./run-program";

/**
 * Runs Git in a repository. Whose files they are does not matter, since the program that asks is one of them: a container
 * often runs as another user than the one who checked them out, to whom Git would say nothing.
 *
 * @see https://git-scm.com/docs/git-config#Documentation/git-config.txt-safedirectory
 */
export function git(root: string, args: readonly string[]): Promise<ProgramRun> {
  return runProgram("git", ["-c", `safe.directory=${root}`, ...args], { cwd: root });
}
