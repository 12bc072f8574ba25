/** How a question to the deployed platform ended. What could not be asked is no pass. */
export type VerifyResult = "passed" | "failed" | "not checked";

/** One question to the deployed platform, and what was answered. */
export interface Verification {
  /** What was asked, such as `completion`. */
  readonly name: string;
  readonly result: VerifyResult;
  readonly found: string;
  /** What to do about it. @default - nothing is to be done */
  readonly fix?: string;
  /** Speed of the completion. @default - it is no completion */
  readonly tokensPerSecond?: number;
}

export function passed(name: string, found: string): Verification {
  return { name, result: "passed", found };
}

export function failed(name: string, found: string, fix?: string): Verification {
  return { name, result: "failed", found, ...(fix !== undefined && { fix }) };
}

export function notChecked(name: string, found: string): Verification {
  return { name, result: "not checked", found };
}

/** Whether nothing failed. What could not be asked does not count: each line says why. */
export function allPassed(checks: readonly Verification[]): boolean {
  return checks.every(({ result }) => result !== "failed");
}
