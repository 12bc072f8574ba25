import { fixLines, resultLines } from "../terminal/result-lines";
import type { QuestionResult } from "../../applications/question";
import { allPassed, type Verification } from "./verification";

/** The answers for people. */
export function textReport(checks: readonly Verification[], environment: string): string {
  const lines = checks.flatMap(({ result, name, found, fix }) => [
    ...resultLines(result, `${name}: ${found}`),
    ...fixLines(fix),
  ]);
  const count = (result: QuestionResult): number => checks.filter((check) => check.result === result).length;
  const parts = (["failed", "passed", "not checked"] as const)
    .filter((result) => count(result) > 0)
    .map((result) => `${count(result)} ${result}`);
  const verdict = allPassed(checks)
    ? count("passed")
      ? "answers"
      : "was not asked anything"
    : "does not answer as it should";
  return `${[...lines, "", `${environment} ${verdict}: ${parts.join(", ")}`].join("\n")}\n`;
}

/** The answers for programs. */
export function jsonReport(checks: readonly Verification[], environment: string): string {
  return `${JSON.stringify({ environment, passed: allPassed(checks), checks }, null, 2)}\n`;
}
