import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { write } from "../terminal/print";
import { childCommand } from "../terminal/child-command";
import { withClusterAccess } from "./cluster-access";
import { connectGitHub, runUrl } from "./connection";
import { updateDriftIssue } from "./drift-issue";
import { addToSummary } from "./job-report";
import type { Workflow } from "./workflow";

/**
 * Looks for drift, and keeps the one issue of the environment with what was found.
 *
 * @returns the exit code: 1 where it could not be found out
 * @throws OperationError where GitHub does not take the issue
 */
export async function reportDrift({
  root,
  environment,
  variables,
  say,
}: Workflow & { readonly say: (line: string) => void }): Promise<number> {
  const connection = connectGitHub(variables);
  const directory = fs.mkdtempSync(path.join(variables.RUNNER_TEMP || os.tmpdir(), "llm-platform-drift-"));
  const file = path.join(directory, "drift.md");
  try {
    const exitCode = await withClusterAccess(variables, `${environment}-drift`, ({ ...variables }) => {
      delete variables.GITHUB_TOKEN;
      return childCommand(root, ["drift", "--environment", environment, "--markdown", file], variables);
    }).catch((error: unknown) => {
      write(`${(error as Error).message}\n`, process.stderr);
      return 1;
    });
    const outcome = exitCode === 0 ? "same" : exitCode === 2 ? "differs" : "failed";
    const markdown =
      outcome !== "failed" && fs.existsSync(file)
        ? fs.readFileSync(file, "utf8")
        : "npm run drift failed: the log of the run says why.";
    addToSummary(variables, markdown);
    const check = {
      environment,
      outcome,
      markdown,
      checkedAt: new Date(),
      runUrl: runUrl(variables),
    } as const;
    say(await updateDriftIssue(connection, check));
    return outcome === "failed" ? 1 : 0;
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
}
