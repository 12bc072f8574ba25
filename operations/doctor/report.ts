import { type Check, checkGroups, type CheckResult, fit } from "./check";
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
  return `${JSON.stringify({ environment, fit: fit(checks), checks }, null, 2)}\n`;
}

function summary(checks: readonly Check[], environment: string): string {
  const count = (result: CheckResult): number => checks.filter((check) => check.result === result).length;
  const parts = [
    [count("failed"), "failed"],
    [count("warning"), count("warning") === 1 ? "warning" : "warnings"],
    [count("not checked"), "not checked"],
  ].filter(([number]) => number !== 0);
  const all = [...parts, [count("ok"), "ok"]].map((part) => part.join(" ")).join(", ");
  return `${environment} is ${fit(checks) ? "" : "not "}fit for a deploy: ${all}`;
}
