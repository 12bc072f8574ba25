import execa from "execa";
import { SandboxBinaries } from "./programs";
import { SandboxDirectory } from "./sandbox-directory";

/**
 * Runs kubectl against the sandbox and answers what it wrote.
 *
 * @param input what kubectl reads from its standard input
 * @throws OperationError when kubectl ends with another exit code than 0, or not within a minute
 */
export async function kubectl(
  directory: SandboxDirectory,
  binaries: SandboxBinaries,
  args: readonly string[],
  input = "",
): Promise<string> {
  const { stdout } = await execa(binaries.kubectl, ["--kubeconfig", directory.kubeconfig, ...args], {
    env: directory.environment,
    extendEnv: false,
    input,
    // An API server whose etcd has just died does not refuse; it never answers.
    timeout: 60_000,
  });
  return stdout;
}
