import type { Capabilities } from "../helm/capabilities";
import { OperationError } from "../errors/operation-error";
import { kubernetesVersion } from "../sandbox/components";
import type { Helm } from "../helm/helm";
import { parseManifest, type KubernetesObject } from "../cluster/kubernetes-object";
import type { PlannedRelease } from "./planned-release";

export interface RenderOptions {
  /** The stack's directory: packages are named from there. */
  readonly directory: string;
  /** What the cluster can do; it is also asked for what the chart looks up in it. @default - no cluster */
  readonly cluster?: Capabilities;
  /** Whether there is a release already: a chart may render otherwise the first time. */
  readonly upgrade: boolean;
}

/**
 * Renders a release as Helm would deploy it, without its hooks: Helm stores these apart.
 *
 * With a cluster the chart sees its version and APIs, and what it looks up there: a password that a chart makes once and
 * finds again does not show as a change.
 *
 * @returns unmasked
 * @throws OperationError when the chart cannot be had or does not render
 */
export async function renderRelease(
  helm: Helm,
  release: PlannedRelease,
  { directory, cluster, upgrade }: RenderOptions,
): Promise<KubernetesObject[]> {
  const { name, namespace, version, values } = release;
  const args = [
    ...["template", name, ...source(release), "--version", version, "--namespace", namespace],
    ...["--values", "-", "--no-hooks", ...(upgrade ? ["--is-upgrade"] : [])],
  ];
  const options = { input: JSON.stringify(values), cwd: directory };
  const run = cluster
    ? await helm.inCluster(
        [
          ...args,
          "--dry-run=server",
          ...["--kube-version", cluster.kubeVersion, "--api-versions", cluster.apiVersions],
        ],
        options,
      )
    : // Each build of Helm claims a Kubernetes of its own; what is rendered must not depend on it.
      await helm.run([...args, "--kube-version", kubernetesVersion()], options);
  if (run.exitCode === 0) return parseManifest(run.stdout, namespace);
  throw new OperationError(`the release ${name} does not render with chart ${version}: ${run.stderr.trim()}`);
}

function source({ chart, repository }: PlannedRelease): string[] {
  if (!repository) return [chart];
  return repository.startsWith("oci://") ? [`${repository}/${chart}`] : [chart, "--repo", repository];
}
