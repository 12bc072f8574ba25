import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";
import { type Check, fit } from "./check";

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
