import type { DeployRecord } from "../cluster/deploy-record";

import { byTerraform } from "../releases/commits-to-revert";
import type { Revisions } from "../helm/read-releases";
import type { StoredRelease } from "../helm/stored-release";

/** What becomes of a record that was never ended: no change takes longer. */
const longestMs = 2 * 60 * 60 * 1000;

/**
 * The newest revisions of a release that somebody made with Helm: neither Terraform made them nor a command of this
 * repository, all of which leave a record. A later deploy ends the list: what it deployed is what is there.
 */
export function revisionsByHand(revisions: Revisions, records: readonly DeployRecord[]): StoredRelease[] {
  const explained = revisions.findIndex((one) => isExplained(one, records));
  return explained < 0 ? [...revisions] : revisions.slice(0, explained);
}

function isExplained({ madeBy, deployedAt }: StoredRelease, records: readonly DeployRecord[]): boolean {
  if (madeBy !== undefined && byTerraform(madeBy)) return true;
  const at = deployedAt.getTime();
  return records.some(({ startedAt, endedAt }) => {
    const start = new Date(startedAt).getTime();
    const end = endedAt ? new Date(endedAt).getTime() : start + longestMs;
    return at >= start && at <= end;
  });
}
