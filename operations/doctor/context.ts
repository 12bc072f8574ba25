import type { KubeConfig } from "@kubernetes/client-node";
import { connect, kubeconfigPath, readKubeconfig } from "../cluster/kubeconfig";
import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";
import { type Check, checkOf } from "./check";

/**
 * Whether the environment's kubeconfig and context are there. Another context that is current is only said: it is never used.
 *
 * @returns what is to be said of it, and the connection where it did not fail
 */
export function contextCheck(
  root: string,
  environment: Environment,
): { readonly check: Check; readonly connection?: KubeConfig } {
  const check = checkOf("cluster", "context");
  const { context, kubeconfig } = environment.cluster;
  const config = `kubectl --kubeconfig ${kubeconfig} config`;
  const failed = (found: string, fix: string) => ({ check: check.failed(found, fix) });
  try {
    const connection = connect(root, environment);
    if (!connection.getCurrentCluster()) {
      const found = `${context} in ${kubeconfig} names a cluster that the file does not have`;
      return failed(found, `${config} get-contexts`);
    }
    const current = readKubeconfig(kubeconfigPath(root, environment)).getCurrentContext();
    const other =
      current && current !== context ? `; the current one, ${current}, is another, and is not used` : "";
    return { connection, check: check.ok(`${context} in ${kubeconfig}, as the environment pins it${other}`) };
  } catch (error) {
    if (error instanceof OperationError) {
      const start = environment.name === "sandbox" ? "npm run up" : "minikube start";
      const file = `environments/${environment.name}.yaml`;
      return failed(
        error.found ?? error.message,
        `${start}, or correct cluster.context and cluster.kubeconfig in ${file}`,
      );
    }
    // What the parser says may quote the file, which holds keys.
    return failed(`${kubeconfig} cannot be read as a kubeconfig`, `${config} view says what is wrong in it`);
  }
}
