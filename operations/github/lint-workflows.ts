import * as fs from "node:fs";
import * as path from "node:path";
import * as semver from "semver";
import { OperationError } from "../errors/operation-error";
import { findPinned, type PinnedProgram } from "../sandbox/pinned-program";

/** A program that finds faults in what GitHub and Renovate run by themselves. */
export interface WorkflowLinter extends PinnedProgram {
  /** What comes before the files. */
  readonly arguments: readonly string[];
  /** Relative to the repository. @default - the workflows */
  readonly file?: string;
}

export const workflowLinters: readonly WorkflowLinter[] = [
  {
    name: "actionlint",
    // renovate: datasource=github-releases depName=rhysd/actionlint
    version: "1.7.12",
    fetched: [["go", "run", "github.com/rhysd/actionlint/cmd/actionlint@v{version}"]],
    // Programs that it would call where a machine happens to have them.
    arguments: ["-no-color", "-shellcheck=", "-pyflakes="],
  },
  {
    name: "zizmor",
    // renovate: datasource=pypi depName=zizmor
    version: "1.32.0",
    fetched: [
      ["uvx", "zizmor=={version}"],
      ["pipx", "run", "zizmor=={version}"],
    ],
    // Nothing but the files: what it would ask GitHub changes from day to day.
    arguments: ["--offline", "--persona", "pedantic", "--no-progress", "--quiet", "--color", "never"],
  },
  {
    name: "renovate-config-validator",
    // renovate: datasource=npm depName=renovate
    version: "44.121.2",
    // No hundreds of megabytes for a Node that it refuses.
    fetched: semver.satisfies(process.versions.node, "^24.11.0")
      ? [["npx", "--yes", "--package", "renovate@{version}", "renovate-config-validator"]]
      : [],
    arguments: ["--strict", "--no-global"],
    file: "renovate.json",
  },
];

/**
 * Looks for faults in the workflows of `.github/workflows` and in Renovate's configuration, offline. A linter that this machine cannot have is named, with
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
  const workflows = fs
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
    const { file } = linter;
    const files = file === undefined ? workflows : [path.join(root, file)];
    const { exitCode, all } = await found([...linter.arguments, ...files]);
    const isFaulty = exitCode !== 0;
    say(
      `${linter.name} ${linter.version}: ${isFaulty ? `\n${all.trim()}` : `${file ?? `${files.length} workflows`}, no fault`}`,
    );
    if (isFaulty) faulty.push(linter.name);
  }
  if (faulty.length === 0) return;
  throw new OperationError(`${faulty.join(" and ")}: faults: see above`);
}
