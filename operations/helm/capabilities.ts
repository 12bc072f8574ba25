import * as path from "node:path";
import { OperationError } from "../errors/operation-error";
import type { Helm } from "./helm";
import { fieldAt, parseManifest } from "../cluster/kubernetes-object";

/** What a chart can ask about the cluster. */
export interface Capabilities {
  /** Such as `v1.35.4`. */
  readonly kubeVersion: string;
  /** Groups, versions and kinds, separated by commas: `apps/v1,apps/v1/Deployment,…`. */
  readonly apiVersions: string;
}

/**
 * Asks the cluster once for all releases: with `helm template --validate` each of them would ask, and load the cluster's
 * OpenAPI schema besides, which takes three times as long as rendering does.
 *
 * @throws OperationError when the API server does not answer
 */
export async function clusterCapabilities(helm: Helm): Promise<Capabilities> {
  const chart = path.join(__dirname, "capabilities-chart");
  const { exitCode, stdout, stderr } = await helm.inCluster([
    "template",
    "capabilities",
    chart,
    "--validate",
  ]);
  if (exitCode !== 0)
    throw new OperationError(`helm could not ask the cluster for its version: ${stderr.trim()}`);
  const [answer] = parseManifest(stdout, "default");
  return {
    kubeVersion: String(fieldAt(answer, "data", "kubeVersion")),
    apiVersions: String(fieldAt(answer, "data", "apiVersions")),
  };
}
