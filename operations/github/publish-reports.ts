import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import { OperationError } from "../errors/operation-error";
import { sandboxEnvironment } from "../sandbox/sandbox-environment";
import { publishComment } from "./comment";
import { connectGitHub, runUrl } from "./connection";
import { failedMarkdown } from "./job-report";
import { pullRequestOf } from "./pull-request";

/**
 * Writes what the other jobs found into the one comment of the pull request. A job that left no report has failed.
 *
 * The job that makes a report runs what the pull request brings and can do nothing but read; this one runs the base revision
 * and takes the reports as text that anybody may have written.
 *
 * @param directory what the other jobs wrote: `ENVIRONMENT.md`, at any depth
 * @param variables those of the workflow
 * @throws OperationError where GitHub does not take the comment
 */
export function publishReports(directory: string, variables: NodeJS.ProcessEnv): Promise<string> {
  const files = fs.existsSync(directory)
    ? fs.readdirSync(directory, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile())
    : [];
  const reports = [sandboxEnvironment, ...environmentsOf(variables)].map((environment) => {
    const found = files.find(({ name }) => name === `${environment}.md`);
    return found
      ? fs.readFileSync(path.join(found.parentPath, found.name), "utf8")
      : failedMarkdown(environment, "its job ended without a report: see its log");
  });
  const props = { reports, runUrl: runUrl(variables) };
  return publishComment(connectGitHub(variables), pullRequestOf(variables), props);
}

const names = z.array(z.string().regex(/^[a-z0-9][-a-z0-9]{0,62}$/));

/**
 * The environments that the workflows deploy to.
 *
 * @param variables `ENVIRONMENTS` is a list in JSON, such as `["production"]`. @default - none
 * @throws OperationError where it is something else
 */
export function environmentsOf({ ENVIRONMENTS: text }: NodeJS.ProcessEnv): string[] {
  if (!text) return [];
  try {
    return names.parse(JSON.parse(text));
  } catch {
    throw new OperationError(
      `ENVIRONMENTS: found ${JSON.stringify(text)}, expected a list in JSON, such as ["production"]: correct the variable of the repository on GitHub`,
    );
  }
}
