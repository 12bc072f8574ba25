import * as fs from "node:fs";
import * as path from "node:path";
import { block } from "../diff/markdown";
import { commentMarker, markdownReport } from "../diff/markdown-report";
import type { DiffReport } from "../diff/report";
import { printable } from "../terminal/printable";
import type { Workflow } from "./workflow";

/** What GitHub takes in the summary of one step is 1 MiB; in characters, as far as each takes a byte or two. */
const summaryLimit = 500_000;

export interface JobReportProps extends Pick<Workflow, "environment" | "variables"> {
  /** Where the report is written for the job that publishes it. */
  readonly file: string;
  /** What a reader of the job's summary must know besides. @default - nothing */
  readonly note?: string;
}

/**
 * Writes what a deploy would change, or why that could not be found out, for the comment of a pull request and for the
 * summary of the job.
 *
 * @throws what the work throws, once it is written
 */
export async function jobReport(props: JobReportProps, work: () => Promise<DiffReport>): Promise<void> {
  const { environment, file, note, variables } = props;
  const write = (markdown: string): void => {
    fs.mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
    fs.writeFileSync(file, printable(markdown));
    addToSummary(variables, [...(note ? [`_${note}_`, ""] : []), markdown].join("\n"));
  };
  let report: DiffReport;
  try {
    report = await work();
  } catch (error) {
    write(failedMarkdown(environment, (error as Error).message));
    throw error;
  }
  write(markdownReport(report, summaryLimit));
}

/** The part of a comment about an environment of which nothing is known. */
export function failedMarkdown(environment: string, why: string): string {
  return [
    commentMarker(environment),
    `### ~~What a deploy to \`${environment}\` would change~~: it could not be found out`,
    "",
    block("text", why.slice(0, 4000)),
    "",
  ].join("\n");
}

/** Shows something on the page of the workflow's run. Outside of a workflow nothing happens. */
export function addToSummary({ GITHUB_STEP_SUMMARY: file }: NodeJS.ProcessEnv, markdown: string): void {
  if (file) fs.appendFileSync(file, `${printable(markdown).trimEnd()}\n\n`);
}
