import * as semver from "semver";
import { type Check, checkOf } from "./check";

/** The versions of Kubernetes that a chart takes. */
export interface ChartRange {
  readonly chart: string;
  /** As in Chart.yaml, such as `^1.16.0-0`. @default - any */
  readonly kubeVersion?: string;
}

/** Whether the cluster is in the range of every chart: Helm refuses a chart outside of it, after others were deployed. */
export function kubernetesVersionCheck(version: string, charts: readonly ChartRange[]): Check {
  const check = checkOf("cluster", "Kubernetes");
  const ranges = charts.flatMap(({ chart, kubeVersion }) => (kubeVersion ? [{ chart, kubeVersion }] : []));
  const outside = ranges.find(({ kubeVersion }) => !inRange(version, kubeVersion));
  if (outside) {
    return check.failed(
      `${version}, and the chart ${outside.chart} asks for ${outside.kubeVersion}`,
      `another version of the chart: npm run charts -- update ${outside.chart}`,
    );
  }
  // Several releases may be of one chart.
  const asked = new Set(ranges.map(({ chart, kubeVersion }) => `${chart} asks for ${kubeVersion}`));
  return check.ok(`${version} (${[...asked].join(", ") || "the charts ask for none"})`);
}

/**
 * As Helm compares: a version with a suffix, as clouds have it (`v1.31.2-gke.100`), is in a range that has a suffix itself
 * (`>=1.30.0-0`), and in no other.
 */
function inRange(version: string, kubeVersion: string): boolean {
  const range = kubeVersion.replaceAll(",", " ");
  // A range that this library cannot read is left to Helm.
  if (semver.validRange(range) === null) return true;
  return semver.satisfies(version, range, { includePrerelease: range.includes("-") });
}
