import type execa from "execa";
import * as path from "node:path";
import type { DeployRecord } from "../../operations/cluster/deploy-record";
import { Clone } from "../clone";

/** A chart that is small enough to see through, and renders without any other package. */
export const echoChart = path.join(__dirname, "..", "fixtures", "charts", "echo");

/** A copy of this repository whose sandbox runs, and has nothing in it: Terraform is not needed. */
export async function cloneWithCluster(): Promise<Clone> {
  const clone = new Clone();
  await clone.startCluster();
  return clone;
}

/**
 * Installs or upgrades a release with Helm alone, as somebody does who knows nothing of this program.
 *
 * @param args of `helm upgrade`, such as `["--set", "greeting=bye"]`
 */
export async function release(
  clone: Clone,
  name: string,
  args: readonly string[] = [],
  chart = echoChart,
): Promise<void> {
  await clone.helm(
    ...["upgrade", "--install", name, chart, "--namespace", name, "--create-namespace"],
    ...["--wait", "--timeout", "60s", ...args],
  );
}

/**
 * Leaves the record that a deploy leaves, without which a revision counts as one that somebody made by hand.
 *
 * @param revision of the release ollama that it made
 * @param startedAt before the release: what is newer than the record's end is nobody's
 * @param more of the record, such as its commit
 */
export async function recordDeploy(
  clone: Clone,
  revision: number,
  startedAt: string,
  more: Partial<DeployRecord> = {},
): Promise<void> {
  const record: DeployRecord = {
    id: startedAt.toLowerCase().replace(/[-:.]/g, ""),
    action: "deploy",
    who: "mira@laptop",
    startedAt,
    endedAt: new Date().toISOString(),
    result: "succeeded",
    releases: [{ name: "ollama", chart: "echo", version: "0.1.0", revision, status: "deployed" }],
    ...more,
  };
  const name = "llm-platform-sandbox-records";
  await clone
    .kubectl("create", "configmap", name)
    .catch((error: execa.ExecaError) => expect(error.stderr).toContain("already exists"));
  const patch = JSON.stringify({ data: { [record.id]: JSON.stringify(record) } });
  await clone.kubectl("patch", "configmap", name, "--type", "merge", "--patch", patch);
}
