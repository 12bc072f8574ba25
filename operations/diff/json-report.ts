import { type DiffReport, differs } from "./report";

/** The report for machines: what is in {@link DiffReport}, and whether anything differs. */
export function jsonReport(report: DiffReport): string {
  return `${JSON.stringify({ version: 1, differs: differs(report), ...report }, null, 2)}\n`;
}
