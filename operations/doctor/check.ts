import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";

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

/**
 * Begins a check, whose end is still to be said.
 *
 * @example checkOf("cluster", "StorageClass").ok("standard, the default")
 */
export function checkOf(group: CheckGroup, name: string) {
  const end = (result: CheckResult, found: string, fix?: string): Check => ({
    group,
    name,
    result,
    found,
    ...(fix !== undefined && { fix }),
  });
  return {
    ok: (found: string) => end("ok", found),
    warning: (found: string, fix?: string) => end("warning", found, fix),
    failed: (found: string, fix: string) => end("failed", found, fix),
    notChecked: (found: string) => end("not checked", found),
  };
}

/** Whether nothing failed: warnings and what could not be checked do not count. */
export function fit(checks: readonly Check[]): boolean {
  return checks.every(({ result }) => result !== "failed");
}

/**
 * Refuses a deploy for which a check failed.
 *
 * @throws OperationError with one line for each failed check and what fixes it
 */
export function refuseUnfit(
  checks: readonly Check[],
  { environment }: { readonly environment: Pick<Environment, "name"> },
): void {
  if (fit(checks)) return;
  const failed = checks.filter(({ result }) => result === "failed");
  const fixes = [...new Set(failed.map(({ fix }) => fix ?? ""))].filter(Boolean);
  throw new OperationError(
    [
      `nothing was deployed: ${environment.name} is not fit for it`,
      ...failed.map(({ name, found }) => `  ${name}: ${found}`),
      "what fixes it:",
      ...fixes.map((fix) => `  ${fix.replaceAll("\n", "\n  ")}`),
      `npm run doctor -- --environment ${environment.name} shows everything`,
    ].join("\n"),
  );
}
