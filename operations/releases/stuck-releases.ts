import type { Environment } from "../../settings/environment";
import type { Revisions } from "../helm/read-releases";

/** A release that an interrupted run left pending, and the command that frees it. */
export interface StuckRelease {
  readonly release: string;
  readonly status: string;
  readonly wayOut: string;
}

/** Finds the releases whose newest revision is pending: every later deploy fails on them. */
export function stuckReleases(
  releases: readonly Revisions[],
  { name: environment }: Pick<Environment, "name">,
): StuckRelease[] {
  return releases
    .map(([newest]) => newest)
    .filter(({ status }) => status.startsWith("pending-"))
    .map(({ name, status }) => ({
      release: name,
      status,
      wayOut: `npm run unlock -- --environment ${environment}`,
    }));
}
