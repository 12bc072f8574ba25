import * as fs from "node:fs";
import * as path from "node:path";
import { OperationError } from "../errors/operation-error";
import { findProgram } from "../sandbox/toolchain";
import { type ProgramRun, runProgram } from "../terminal/run-program";

/**
 * Programs that find faults in workflows, each at one version, since another finds other faults: ways to run it without installing
 * it, of which the first that works is taken, and what comes before the files.
 */
export const workflowLinters = [
  {
    name: "actionlint",
    version: "1.7.12",
    fetched: [["go", "run", "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"]],
    // Programs that it would call where a machine happens to have them.
    arguments: ["-no-color", "-shellcheck=", "-pyflakes="],
  },
  {
    name: "zizmor",
    version: "1.32.0",
    fetched: [
      ["uvx", "zizmor==1.32.0"],
      ["pipx", "run", "zizmor==1.32.0"],
    ],
    // Nothing but the files: what it would ask GitHub changes from day to day.
    arguments: ["--offline", "--persona", "pedantic", "--no-progress", "--quiet", "--color", "never"],
  },
];

export type WorkflowLinter = (typeof workflowLinters)[number];

/**
 * Looks for faults in the workflows of `.github/workflows`, offline. A linter that this machine cannot have is named, with
 * the reason, and is no failure.
 *
 * @param root the repository, absolute
 * @param variables the process's environment
 * @throws OperationError where one of them finds something
 */
export async function lintWorkflows(
  root: string,
  variables: NodeJS.ProcessEnv,
  say: (line: string) => void,
  linters = workflowLinters,
): Promise<void> {
  const directory = path.join(root, ".github", "workflows");
  const files = fs
    .readdirSync(directory)
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => path.join(directory, file));
  const faulty: string[] = [];
  for (const linter of linters) {
    const found = await findLinter(linter, variables);
    if (typeof found === "string") {
      say(`${linter.name}: skipped: ${found}`);
      continue;
    }
    const { exitCode, all } = await found([...linter.arguments, ...files]);
    const isFaulty = exitCode !== 0;
    say(
      `${linter.name} ${linter.version}: ${isFaulty ? `\n${all.trim()}` : `${files.length} workflows, no fault`}`,
    );
    if (isFaulty) faulty.push(linter.name);
  }
  if (faulty.length === 0) return;
  throw new OperationError(`${faulty.join(" and ")}: faults in .github/workflows: see above`);
}

/**
 * Finds a linter at its version: on PATH, or by a program that fetches it.
 *
 * @returns what runs it, or why it cannot be run on this machine
 */
async function findLinter(
  { name: own, version, fetched }: WorkflowLinter,
  variables: NodeJS.ProcessEnv,
): Promise<((args: readonly string[]) => Promise<ProgramRun>) | string> {
  const reasons: string[] = [];
  for (const [name = "", ...first] of [[own], ...fetched]) {
    const program = findProgram(name, variables);
    if (!program) {
      reasons.push(`${name} is not on PATH`);
      continue;
    }
    const run = (args: readonly string[]) => runProgram(program, [...first, ...args], { variables });
    const { exitCode, stdout, stderr } = await run(["--version"]);
    if (exitCode === 0 && stdout.includes(version)) return run;
    const found =
      exitCode === 0 ? `is ${stdout.split("\n")[0]}` : stderr.trim().split("\n").pop() || "no answer";
    reasons.push(`${[name, ...first].join(" ")}: ${found}`);
  }
  return `expected version ${version}: ${reasons.join("; ")}`;
}
