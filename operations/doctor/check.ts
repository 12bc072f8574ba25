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
  /** The command that fixes it, or the file and key to change. @default - nothing is to be done */
  readonly fix?: string;
}

/** A check whose end is still to be said. */
export interface OpenCheck {
  ok(found: string): Check;
  warning(found: string, fix?: string): Check;
  failed(found: string, fix: string): Check;
  notChecked(found: string): Check;
}

/**
 * Begins a check.
 *
 * @example checkOf("cluster", "StorageClass").ok("standard, the default")
 */
export function checkOf(group: CheckGroup, name: string): OpenCheck {
  const end = (result: CheckResult, found: string, fix?: string): Check => ({
    group,
    name,
    result,
    found,
    ...(fix !== undefined && { fix }),
  });
  return {
    ok: (found) => end("ok", found),
    warning: (found, fix) => end("warning", found, fix),
    failed: (found, fix) => end("failed", found, fix),
    notChecked: (found) => end("not checked", found),
  };
}

/** Whether nothing failed: warnings and what could not be checked do not count. */
export function fit(checks: readonly Check[]): boolean {
  return checks.every(({ result }) => result !== "failed");
}
