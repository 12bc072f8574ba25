import { type Check, checkGroups, type CheckResult } from "./check";
import { fixLines, resultLines } from "../terminal/result-lines";

/** The checks for people: one line each where it fits into 80 columns, by group, and under each what fixes it. */
export function textReport(checks: readonly Check[], environment: string): string {
  const groups = checkGroups.filter((group) => checks.some((check) => check.group === group));
  const blocks = groups.map((group) => {
    const own = checks.filter((check) => check.group === group);
    return [
      group,
      ...own.flatMap((check, i) => {
        // Several lacks that one command fixes, such as rights, say it once.
        const fix = check.fix === own[i + 1]?.fix ? undefined : check.fix;
        return [...resultLines(check.result, `${check.name}: ${check.found}`), ...fixLines(fix)];
      }),
    ].join("\n");
  });
  return `${[...blocks, summary(checks, environment)].join("\n\n")}\n`;
}

/** The checks for programs. */
export function jsonReport(checks: readonly Check[], environment: string): string {
  const { failed } = counts(checks);
  return `${JSON.stringify({ environment, fit: failed === 0, checks }, null, 2)}\n`;
}

function summary(checks: readonly Check[], environment: string): string {
  const { ok, warning, failed, "not checked": open } = counts(checks);
  const parts = [
    ...(failed ? [`${failed} failed`] : []),
    ...(warning ? [`${warning} warning${warning === 1 ? "" : "s"}`] : []),
    ...(open ? [`${open} not checked`] : []),
    `${ok} ok`,
  ];
  return `${environment} is ${failed ? "not " : ""}fit for a deploy: ${parts.join(", ")}`;
}

function counts(checks: readonly Check[]): { [result in CheckResult]: number } {
  const count = (result: CheckResult): number => checks.filter((check) => check.result === result).length;
  return {
    ok: count("ok"),
    warning: count("warning"),
    failed: count("failed"),
    "not checked": count("not checked"),
  };
}
