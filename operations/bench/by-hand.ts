import * as fs from "node:fs";
import * as path from "node:path";
import { loadChartLock } from "../../settings/chart-lock";
import { providerLockFile } from "../../stacks/working-directory";
import { SANDBOX_CONTEXT } from "../sandbox/cluster";
import { SandboxDirectory } from "../sandbox/sandbox-directory";
import { sandboxDirectory } from "../sandbox/sandbox-environment";

/**
 * Writes the same two releases as a person would in HCL, and as the articles do: `by-hand/`, with the repository's values
 * files, its charts and its providers. A first apply deploys them to the same cluster, in namespaces of their own.
 *
 * It loads the same two providers. With Helm's alone, and namespaces that Helm makes, half of the time of a plan goes, and
 * so does what fails it when the cluster does not answer.
 *
 * @param root the repository whose sandbox runs
 * @param directory is not there yet; Terraform runs in it
 */
export function writeByHand(directory: string, root: string, chartsDirectory?: string): void {
  fs.cpSync(path.join(__dirname, "by-hand"), directory, { recursive: true });
  fs.cpSync(path.join(root, "values"), path.join(directory, "values"), { recursive: true });
  fs.cpSync(path.join(root, providerLockFile), path.join(directory, providerLockFile));
  const charts = Object.entries(loadChartLock(root, chartsDirectory)).map(([name, chart]) => [
    name,
    {
      chart: chart.package ?? name,
      version: chart.version,
      ...(!chart.package && { repository: chart.repository }),
    },
  ]);
  fs.writeFileSync(
    path.join(directory, "terraform.tfvars.json"),
    JSON.stringify({
      kubeconfig: new SandboxDirectory(sandboxDirectory(root)).kubeconfig,
      context: SANDBOX_CONTEXT,
      charts: Object.fromEntries(charts) as object,
    }),
  );
}
