import type { KubeConfig } from "@kubernetes/client-node";
import type { RecordedRelease } from "../cluster/deploy-record";
import { KubernetesApi } from "../cluster/kubernetes-api";
import { readReleases } from "./read-releases";

/** One revision of a release with what Helm notes of it. Its manifest and values, which may hold secrets, are left out. */
export interface ReleaseHistoryEntry {
  readonly release: string;
  readonly namespace: string;
  readonly revision: number;
  /** `deployed`, `failed`, `superseded`, `pending-install`, `pending-upgrade`, `pending-rollback`, … */
  readonly status: string;
  /** Name of the chart. */
  readonly chart: string;
  /** Version of the chart. */
  readonly version: string;
  /** When it was begun: ISO 8601, UTC, by the clock of whoever deployed it. */
  readonly deployedAt: string;
  /** Such as `Upgrade complete` or `Rollback to 3`. */
  readonly description: string;
}

/**
 * Every revision that Helm keeps of the releases of some namespaces, by release, the newest first. A namespace that is not
 * there has none.
 */
export async function releaseHistory(
  connection: KubeConfig,
  namespaces: readonly string[],
): Promise<ReleaseHistoryEntry[]> {
  const releases = await readReleases(new KubernetesApi(connection), namespaces);
  return releases
    .flat()
    .map(({ name, namespace, revision, status, chart, version, deployedAt, description }) => ({
      release: name,
      namespace,
      revision,
      status,
      chart,
      version,
      deployedAt: deployedAt.toISOString(),
      description,
    }))
    .sort((a, b) => a.release.localeCompare(b.release) || b.revision - a.revision);
}

/** The newest revision of each release, for a record. */
export async function newestReleases(
  connection: KubeConfig,
  namespaces: readonly string[],
): Promise<RecordedRelease[]> {
  const entries = await releaseHistory(connection, namespaces);
  return entries
    .filter(({ release }, i) => entries.findIndex((other) => other.release === release) === i)
    .map(({ release, chart, version, revision, status }) => ({
      name: release,
      chart,
      version,
      revision,
      status,
    }));
}
