import * as fs from "node:fs";
import * as path from "node:path";

/** A release as Terraform deployed it. */
export interface DeployedRelease {
  readonly name: string;
  /** Name of the chart in its repository, or the absolute path of its package. */
  readonly chart: string;
  readonly repository?: string;
  readonly version: string;
  readonly timeoutSeconds: number;
  /** YAML, the later ones winning. */
  readonly values: readonly string[];
}

/**
 * Reads from a stack's state which releases it deployed.
 *
 * @param workingDirectory where Terraform ran: a chart's path is relative to it
 */
export function deployedReleases(stateFile: string, workingDirectory: string): DeployedRelease[] {
  const { resources } = JSON.parse(fs.readFileSync(stateFile, "utf8")) as State;
  return resources
    .filter(({ type }) => type === "helm_release")
    .flatMap(({ instances }) => instances)
    .map(({ attributes: { name, chart, repository, version, timeout, values } }) => ({
      name,
      version,
      values,
      timeoutSeconds: timeout,
      ...(repository ? { chart, repository } : { chart: path.resolve(workingDirectory, chart) }),
    }));
}

interface State {
  readonly resources: readonly {
    readonly type: string;
    readonly instances: readonly {
      readonly attributes: {
        readonly name: string;
        readonly chart: string;
        readonly repository: string | null;
        readonly version: string;
        readonly timeout: number;
        readonly values: readonly string[];
      };
    }[];
  }[];
}
