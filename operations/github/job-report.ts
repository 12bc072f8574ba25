import * as fs from "node:fs";
import { commentLimit, commentMarker, markdownReport } from "../diff/markdown-report";
import { type DiffReport, differs } from "../diff/report";
import type { ReportFile } from "./report-file";
import { writeReportFile } from "./report-file";

/** What GitHub takes in the summary of one step is 1 MiB; in characters, as far as each takes a byte or two. */
const summaryLimit = 500_000;

export interface JobReportProps {
  readonly environment: string;
  /** Where the report is written for the job that publishes it. */
  readonly file: string;
  /** How many environments share the comment. */
  readonly parts: number;
  /** What a reader of the job's summary must know besides. @default - nothing */
  readonly note?: string;
  /** The process's environment: `GITHUB_STEP_SUMMARY` names the file of the job's summary. */
  readonly variables: NodeJS.ProcessEnv;
}

/**
 * Writes what a deploy would change, or why that could not be found out, for the comment of a pull request and for the
 * summary of the job.
 *
 * @throws what the work throws, once it is written
 */
export async function jobReport(props: JobReportProps, work: () => Promise<DiffReport>): Promise<void> {
  const { environment, file, parts, note, variables } = props;
  const write = (outcome: ReportFile["outcome"], markdown: string, summary = markdown): void => {
    writeReportFile(file, { version: 1, environment, outcome, markdown });
    addToSummary(variables, [...(note ? [`_${note}_`, ""] : []), summary].join("\n"));
  };
  let report: DiffReport;
  try {
    report = await work();
  } catch (error) {
    write("failed", failedMarkdown(environment, (error as Error).message));
    throw error;
  }
  write(
    differs(report) ? "differs" : "same",
    // The comment itself needs some room besides.
    markdownReport(report, Math.floor((commentLimit - 2000) / parts)),
    markdownReport(report, summaryLimit),
  );
}

/** The part of a comment about an environment of which nothing is known. */
export function failedMarkdown(environment: string, why: string): string {
  const text = why.replace(/`{3,}/g, "``").slice(0, 4000);
  return [
    commentMarker(environment),
    `### ~~What a deploy to \`${environment}\` would change~~: it could not be found out`,
    "",
    "```text",
    text,
    "```",
    "",
  ].join("\n");
}

/** Shows something on the page of the workflow's run. Outside of a workflow nothing happens. */
export function addToSummary({ GITHUB_STEP_SUMMARY: file }: NodeJS.ProcessEnv, markdown: string): void {
  if (file) fs.appendFileSync(file, `${markdown.trimEnd()}\n\n`);
}
