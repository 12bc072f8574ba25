import * as fs from "node:fs";
import * as path from "node:path";
import { OperationError } from "../errors/operation-error";
import { findPinned } from "../sandbox/pinned-program";

/** Programs that find faults in workflows, and what comes before the files. */
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
    const found = await findPinned(linter, variables);
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
