import { isMap } from "../../settings/yaml-file";
import type { ReleaseRevision } from "../helm/release-history";
import { OperationError } from "../errors/operation-error";
import type { Helm } from "../helm/helm";
import { fieldAt, type KubernetesObject, parseManifest } from "../cluster/kubernetes-object";

/** A release as it is in the cluster: what was deployed last, and what is there now. */
export interface DeployedRelease {
  readonly revision: number;
  readonly status: string;
  readonly description: string;
  /** Version of the chart. */
  readonly version: string;
  /** What was deployed, without hooks, as Helm stores it; unmasked. */
  readonly deployed: readonly KubernetesObject[];
  /** Those of the objects that the cluster has, as they are there; unmasked. */
  readonly live: readonly KubernetesObject[];
  /** Every revision that Helm keeps. */
  readonly revisions: readonly ReleaseRevision[];
}

interface HistoryEntry {
  readonly revision: number;
  readonly status: string;
  readonly chart: string;
  readonly description: string;
}

/**
 * Reads a release from the cluster: of its revisions the last one that was deployed, which is what the next upgrade starts
 * from; where none was, the newest.
 *
 * @returns undefined where the cluster has no release of that name
 * @throws OperationError when Helm fails, such as for an API server that does not answer
 */
export async function deployedRelease(
  helm: Helm,
  { name, namespace }: { readonly name: string; readonly namespace: string },
): Promise<DeployedRelease | undefined> {
  const status = ["status", name, "--namespace", namespace, "--output", "json", "--show-resources"];
  const [history, newest] = await Promise.all([
    helm.inCluster(["history", name, "--namespace", namespace, "--output", "json"]),
    // Nearly always the newest revision is the deployed one: it is asked for before that is known.
    helm.inCluster(status),
  ]);
  if (/release: not found/.test(history.stderr)) return undefined;
  if (history.exitCode !== 0) throw failed(name, history.stderr);
  const entries = JSON.parse(history.stdout) as HistoryEntry[];
  const entry = entries.filter(({ status }) => status === "deployed").at(-1) ?? entries.at(-1);
  if (!entry) return undefined;
  const run =
    entry === entries.at(-1)
      ? newest
      : await helm.inCluster([...status, "--revision", String(entry.revision)]);
  if (run.exitCode !== 0) throw failed(name, run.stderr);
  const release = JSON.parse(run.stdout) as unknown;
  return {
    revision: entry.revision,
    status: entry.status,
    description: entry.description,
    version: /-(\d+\.\d+\.\d+.*)$/.exec(entry.chart)?.[1] ?? entry.chart,
    deployed: parseManifest(String(fieldAt(release, "manifest") ?? ""), namespace),
    live: liveObjects(fieldAt(release, "info", "resources")),
    revisions: entries
      .map(({ revision, status }) => ({ release: name, namespace, revision, status }))
      .reverse(),
  };
}

/** Helm lists the objects by type, and beside them the pods that belong to them. */
function liveObjects(resources: unknown): KubernetesObject[] {
  return Object.entries(isMap(resources) ? resources : {})
    .filter(([type]) => !type.endsWith("(related)"))
    .flatMap(([, objects]) => objects as KubernetesObject[]);
}

function failed(name: string, stderr: string): OperationError {
  return new OperationError(`helm could not read the release ${name}: ${stderr.trim()}`);
}
