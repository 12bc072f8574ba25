import type { Environment } from "../../settings/environment";
import type { ReleaseRevision } from "../helm/release-history";

/** A release that an interrupted run left pending, and the command that frees it. */
export interface StuckRelease {
  readonly release: string;
  readonly status: string;
  readonly wayOut: string;
}

/** Finds the releases whose newest revision is pending: every later deploy fails on them. */
export function stuckReleases(
  revisions: readonly ReleaseRevision[],
  { name }: Pick<Environment, "name">,
): StuckRelease[] {
  return revisions
    .filter(
      ({ release, namespace, revision }) =>
        !revisions.some(
          (other) => other.release === release && other.namespace === namespace && other.revision > revision,
        ),
    )
    .filter(({ status }) => status.startsWith("pending-"))
    .map(({ release, status }) => ({ release, status, wayOut: `npm run unlock -- --environment ${name}` }));
}
