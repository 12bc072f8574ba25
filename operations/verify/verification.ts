import type { Answer } from "../../applications/question";

/** One question to the deployed platform, and what came of it. */
export interface Verification extends Answer {
  /** Name of the release. */
  readonly release: string;
  /** What was asked of which release, such as `chat /health`. */
  readonly name: string;
}

/** Whether nothing failed. What could not be asked does not count: each line says why. */
export function allPassed(checks: readonly Verification[]): boolean {
  return checks.every(({ result }) => result !== "failed");
}
