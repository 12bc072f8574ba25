import { findProgram } from "../sandbox/toolchain";
import { runProgram } from "../terminal/run-program";

/** A program that finds faults in workflows. */
export interface WorkflowLinter {
  readonly name: string;
  /** What is the same on every machine: another version finds other faults. */
  readonly version: string;
  /** What prints the version. */
  readonly versionArguments: readonly string[];
  /** Ways to run it at this version without installing it, the first that works. */
  readonly fetched: readonly (readonly string[])[];
  /** @param files the workflows */
  readonly arguments: (files: readonly string[]) => readonly string[];
}

const actionlint: WorkflowLinter = {
  name: "actionlint",
  version: "1.7.12",
  versionArguments: ["-version"],
  fetched: [["go", "run", "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"]],
  // Programs that it would call where a machine happens to have them.
  arguments: (files) => ["-no-color", "-shellcheck=", "-pyflakes=", ...files],
};

const zizmor: WorkflowLinter = {
  name: "zizmor",
  version: "1.32.0",
  versionArguments: ["--version"],
  fetched: [
    ["uvx", "zizmor==1.32.0"],
    ["pipx", "run", "zizmor==1.32.0"],
  ],
  // Nothing but the files: what it would ask GitHub changes from day to day.
  arguments: (files) => [
    ...["--offline", "--persona", "pedantic", "--no-progress", "--quiet", "--color", "never"],
    ...files,
  ],
};

export const workflowLinters: readonly WorkflowLinter[] = [actionlint, zizmor];

/** How a linter is run on this machine, or why it cannot be. */
export type FoundLinter =
  { readonly program: string; readonly first: readonly string[] } | { readonly reason: string };

/**
 * Finds a linter at its version: on PATH, or by a program that fetches it.
 *
 * @param variables the process's environment
 */
export async function findLinter(linter: WorkflowLinter, variables: NodeJS.ProcessEnv): Promise<FoundLinter> {
  const reasons: string[] = [];
  for (const [name = "", ...first] of [[linter.name], ...linter.fetched]) {
    const program = findProgram(name, variables);
    if (!program) {
      reasons.push(`${name} is not on PATH`);
      continue;
    }
    const args = [...first, ...linter.versionArguments];
    const { exitCode, stdout, stderr } = await runProgram(program, args, { variables });
    if (exitCode === 0 && stdout.includes(linter.version)) return { program, first };
    const found = exitCode === 0 ? `is ${stdout.split("\n")[0]}` : lastLine(stderr);
    reasons.push(`${[name, ...first].join(" ")}: ${found}`);
  }
  return { reason: `expected version ${linter.version}: ${reasons.join("; ")}` };
}

/** Runs a linter that was found. Nothing is printed where nothing is wrong. */
export async function runLinter(
  { program, first }: { readonly program: string; readonly first: readonly string[] },
  linter: WorkflowLinter,
  files: readonly string[],
  variables: NodeJS.ProcessEnv,
): Promise<{ faulty: boolean; output: string }> {
  const args = [...first, ...linter.arguments(files)];
  const { exitCode, stdout, stderr } = await runProgram(program, args, { variables });
  return {
    faulty: exitCode !== 0,
    output: [stdout, stderr]
      .map((text) => text.trim())
      .join("\n")
      .trim(),
  };
}

function lastLine(text: string): string {
  return text.trim().split("\n").pop() || "no answer";
}
