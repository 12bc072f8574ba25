import type { DeployRecord } from "../cluster/deploy-record";

import type { Revisions } from "../helm/read-releases";
import type { DriftReport } from "./report";

/** Releases that a record knows and the cluster does not. */
export function goneReleases(
  releases: readonly { readonly name: string; readonly namespace: string }[],
  found: readonly Revisions[],
  records: readonly DeployRecord[],
): DriftReport["parts"] {
  return releases
    .filter(({ name }) => missing([name], found).length > 0)
    .map(({ name, namespace }) => ({ name, namespace, last: lastRecorded(name, records) }))
    .flatMap(({ name, namespace, last }) =>
      last === undefined
        ? []
        : [
            {
              name,
              comparedWith: `the record of ${last.startedAt}`,
              objects: 0,
              differences: [
                { object: `release ${name}`, namespace, field: "", deployed: "there", live: undefined },
              ],
            },
          ],
    );
}

/** Releases that nobody has deployed yet, in words. */
export function notDeployed(
  names: readonly string[],
  found: readonly Revisions[],
  records: readonly DeployRecord[],
): string[] {
  return missing(names, found)
    .filter((name) => lastRecorded(name, records) === undefined)
    .map((name) => `release ${name}: it is not deployed`);
}

function missing(names: readonly string[], found: readonly Revisions[]): string[] {
  return names.filter((name) => !found.some(([newest]) => newest.name === name));
}

/** The last deploy that ended with the release there; undefined where there is none, or it was destroyed since. */
function lastRecorded(name: string, records: readonly DeployRecord[]): DeployRecord | undefined {
  const last = records.find(({ action, releases }) => action === "destroy" || releases.length > 0);
  return last?.releases.some((release) => release.name === name) ? last : undefined;
}
