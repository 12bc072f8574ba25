import { sandboxEnvironment } from "../sandbox/sandbox-environment";
import { type Published, publishComment } from "./comment";
import { connectGitHub, runUrl } from "./connection";
import { environmentsOf } from "./environments";
import { failedMarkdown } from "./job-report";
import { pullRequestOf } from "./pull-request";
import { readReportFiles } from "./report-file";

/**
 * Writes what the other jobs found into the one comment of the pull request. A job that left no report has failed.
 *
 * @param directory what the other jobs wrote
 * @param variables those of the workflow
 * @throws OperationError where a file is no report, or GitHub does not take the comment
 */
export function publishReports(directory: string, variables: NodeJS.ProcessEnv): Promise<Published> {
  const found = readReportFiles(directory);
  const reports = [sandboxEnvironment, ...environmentsOf(variables)].map(
    (environment) =>
      found.get(environment) ?? {
        environment,
        outcome: "failed" as const,
        markdown: failedMarkdown(environment, "its job ended without a report: see its log"),
      },
  );
  const props = { reports, runUrl: runUrl(variables) };
  return publishComment(connectGitHub(variables), pullRequestOf(variables), props);
}
