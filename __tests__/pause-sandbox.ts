import { missingFromControlPlane, stopCluster } from "../operations/sandbox/cluster";
import { SandboxDirectory } from "../operations/sandbox/sandbox-directory";

/** Takes the Kubernetes API away, as a laptop does that sleeps; data and model server stay. A start brings it back. */
export function pauseSandbox(directory: string): Promise<void> {
  return stopCluster(new SandboxDirectory(directory));
}

/** The parts of the control plane that do not run. */
export function missingFrom(directory: string): Promise<string[]> {
  return missingFromControlPlane(new SandboxDirectory(directory));
}
