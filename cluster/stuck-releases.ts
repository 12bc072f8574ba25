import type { Environment } from "../settings/environment";
import type { ReleaseRevision } from "./releases";

/** A release that an interrupted run left pending, and the commands that free it. */
export interface StuckRelease {
  readonly release: string;
  readonly status: string;
  readonly wayOut: string;
}

/**
 * Finds the releases whose newest revision is pending: every later deploy fails on them.
 *
 * The way out is Helm's own: back to the last revision that was deployed, or away with a first install that never was.
 */
export function stuckReleases(
  revisions: readonly ReleaseRevision[],
  { cluster }: Pick<Environment, "cluster">,
): StuckRelease[] {
  const newest = revisions.filter(
    ({ release, namespace, revision }) =>
      !revisions.some(
        (other) => other.release === release && other.namespace === namespace && other.revision > revision,
      ),
  );
  return newest
    .filter(({ status }) => status.startsWith("pending-"))
    .map(({ release, namespace, status, revision }) => {
      const good = revisions.find(
        (other) =>
          other.release === release &&
          other.namespace === namespace &&
          other.revision < revision &&
          ["deployed", "superseded"].includes(other.status),
      );
      const where = `--kubeconfig ${cluster.kubeconfig} --kube-context ${cluster.context} --namespace ${namespace}`;
      const wayOut = good
        ? `helm rollback ${release} ${good.revision} --wait ${where}`
        : `helm uninstall ${release} --wait ${where}`;
      return { release, status, wayOut };
    });
}
