import { isDeepStrictEqual } from "node:util";
import type { StoredRelease } from "../helm/stored-release";
import { byTerraform } from "../releases/commits-to-revert";
import { chartName, type PlannedRelease } from "./planned-release";

/**
 * Whether a release is what Terraform deployed last, of the same chart with the same values: nobody need render it anew, because
 * a deploy leaves it as it is. What somebody deployed by other means is looked at.
 *
 * @param newest revision of the release
 */
export function isDeployedAs(newest: StoredRelease, planned: PlannedRelease): boolean {
  return (
    newest.status === "deployed" &&
    byTerraform(newest.madeBy ?? "") &&
    newest.chart === chartName(planned) &&
    newest.version === planned.version &&
    planned.leftOut.length === 0 &&
    isDeepStrictEqual(newest.values, JSON.parse(JSON.stringify(planned.values)))
  );
}
