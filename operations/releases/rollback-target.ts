import type { DeployRecord } from "../cluster/deploy-record";
import { OperationError } from "../errors/operation-error";
import type { Revisions } from "../helm/read-releases";
import { manifestOf, type StoredRelease } from "../helm/stored-release";

/**
 * The revision to go back to: the last good one before the current.
 *
 * Good is what was deployed once, did not keep restarting, and was not gone back from; what failed is not. A revision that is the same as what is
 * deployed now is passed over: going there changes nothing.
 *
 * @param unsteady see {@link unsteadyRevisions}
 * @param wanted a revision that was named. @default - the last good one
 * @throws OperationError when there is none
 */
export function rollbackTarget(
  revisions: Revisions,
  unsteady: ReadonlySet<number>,
  wanted?: number,
): StoredRelease {
  const [current] = revisions;
  const { name } = current;
  if (wanted !== undefined) return named(revisions, unsteady, wanted);
  const left = goneBackFrom(revisions);
  const content = JSON.stringify(manifestOf(current));
  const found = revisions.find(
    (one) =>
      one.revision < current.revision &&
      one.good &&
      !left.has(one.revision) &&
      !unsteady.has(one.revision) &&
      (current.status !== "deployed" || JSON.stringify(manifestOf(one)) !== content),
  );
  if (found) return found;
  throw new OperationError(
    `release ${name} has no good revision before revision ${current.revision} (${current.description}), there are:\n${listed(revisions, unsteady)}\n` +
      `name one of them: npm run rollback -- ${name} REVISION; what was there before is only in Git`,
  );
}

function named(revisions: Revisions, unsteady: ReadonlySet<number>, wanted: number): StoredRelease {
  const [current] = revisions;
  const found = revisions.find(({ revision }) => revision === wanted);
  if (!found) {
    throw new OperationError(
      `release ${current.name} has no revision ${wanted}, there are:\n${listed(revisions, unsteady)}`,
    );
  }
  if (found === current && current.status === "deployed") {
    throw new OperationError(`release ${current.name} is at revision ${wanted} already: nothing was changed`);
  }
  return found;
}

/** Revisions that somebody went back from: all between the one that they went to and the one that this made. */
function goneBackFrom(revisions: Revisions): Set<number> {
  return new Set(
    revisions.flatMap(({ rolledBackTo: to, status, revision: made }) =>
      to === undefined || status === "failed"
        ? []
        : revisions.map(({ revision }) => revision).filter((other) => other > to && other < made),
    ),
  );
}

function listed(revisions: Revisions, unsteady: ReadonlySet<number>): string {
  return revisions
    .map(
      ({ revision, status, version, description }) =>
        `  ${revision}  ${status}  ${version}  ${description}${unsteady.has(revision) ? ", and its containers kept being restarted" : ""}`,
    )
    .join("\n");
}

/**
 * Revisions that became ready after their containers had been restarted, and whose containers went on being so: ready is not
 * good.
 *
 * The next change has looked.
 */
export function unsteadyRevisions(records: readonly DeployRecord[], release: string): Set<number> {
  const looks = records.flatMap(({ before = [] }) => before).filter(({ name }) => name === release);
  const restarted = records
    .flatMap(({ releases }) => releases)
    .filter(
      ({ name, revision, restarts }) =>
        name === release &&
        restarts !== undefined &&
        looks.some((look) => look.revision === revision && look.restarts > restarts),
    );
  return new Set(restarted.map(({ revision }) => revision));
}
