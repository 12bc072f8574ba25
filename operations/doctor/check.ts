/** How a check ended. A warning does not keep a deploy from being fit; what could not be found out is no pass. */
export type CheckResult = "ok" | "warning" | "failed" | "not checked";

/** The headings under which checks are shown, in their order. */
export const checkGroups = [
  "this machine",
  "sources",
  "environment",
  "cluster",
  "rights",
  "capacity",
  "exposure",
] as const;
export type CheckGroup = (typeof checkGroups)[number];

/** One thing that was looked at. */
export interface Check {
  readonly group: CheckGroup;
  /** What was looked at, such as `StorageClass`. */
  readonly name: string;
  readonly result: CheckResult;
  /** What was found, and what was expected where the two differ. Never a secret's value. */
  readonly found: string;
  /** The command that mends it, or the file and key to change. Default: nothing is to be done. */
  readonly mend?: string;
}

/** A check whose end is still to be said. */
export interface OpenCheck {
  ok(found: string): Check;
  warning(found: string, mend?: string): Check;
  failed(found: string, mend: string): Check;
  notChecked(found: string): Check;
}

/**
 * Begins a check.
 *
 * @example checkOf("cluster", "StorageClass").ok("standard, the default")
 */
export function checkOf(group: CheckGroup, name: string): OpenCheck {
  const end = (result: CheckResult, found: string, mend?: string): Check => ({
    group,
    name,
    result,
    found,
    ...(mend !== undefined && { mend }),
  });
  return {
    ok: (found) => end("ok", found),
    warning: (found, mend) => end("warning", found, mend),
    failed: (found, mend) => end("failed", found, mend),
    notChecked: (found) => end("not checked", found),
  };
}

/** Whether nothing failed: warnings and what could not be checked do not count. */
export function fit(checks: readonly Check[]): boolean {
  return checks.every(({ result }) => result !== "failed");
}
