import * as fs from "node:fs";
import * as path from "node:path";
import { OperationError } from "../errors/operation-error";
import { findLinter, runLinter, type WorkflowLinter, workflowLinters } from "./workflow-linters";

export interface LintContext {
  /** The repository, absolute. */
  readonly root: string;
  /** The process's environment. */
  readonly variables: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  /** @default - actionlint and zizmor */
  readonly linters?: readonly WorkflowLinter[];
}

/**
 * Looks for faults in the workflows of `.github/workflows`, offline. A linter that this machine cannot have is named, with
 * the reason, and is no failure.
 *
 * @throws OperationError where one of them finds something
 */
export async function lintWorkflows(context: LintContext): Promise<void> {
  const { root, variables, say, linters = workflowLinters } = context;
  const directory = path.join(root, ".github", "workflows");
  const files = fs
    .readdirSync(directory)
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => path.join(directory, file));
  const faulty: string[] = [];
  for (const linter of linters) {
    const found = await findLinter(linter, variables);
    if ("reason" in found) {
      say(`${linter.name}: skipped: ${found.reason}`);
      continue;
    }
    const { faulty: isFaulty, output } = await runLinter(found, linter, files, variables);
    say(
      `${linter.name} ${linter.version}: ${isFaulty ? `\n${output}` : `${files.length} workflows, no fault`}`,
    );
    if (isFaulty) faulty.push(linter.name);
  }
  if (faulty.length === 0) return;
  throw new OperationError(`${faulty.join(" and ")}: faults in .github/workflows: see above`);
}
