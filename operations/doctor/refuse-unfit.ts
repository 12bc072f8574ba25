import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";
import { type Check, fit } from "./check";

/**
 * Refuses a deploy for which a check failed.
 *
 * @throws OperationError with one line for each failed check and what mends it
 */
export function refuseUnfit(
  checks: readonly Check[],
  { environment }: { readonly environment: Pick<Environment, "name"> },
): void {
  if (fit(checks)) return;
  const failed = checks.filter(({ result }) => result === "failed");
  const mends = [...new Set(failed.map(({ mend }) => mend ?? ""))].filter(Boolean);
  throw new OperationError(
    [
      `nothing was deployed: ${environment.name} is not fit for it`,
      ...failed.map(({ name, found }) => `  ${name}: ${found}`),
      "what mends it:",
      ...mends.map((mend) => `  ${mend.replaceAll("\n", "\n  ")}`),
      `npm run doctor -- --environment ${environment.name} shows everything`,
    ].join("\n"),
  );
}
