import { KubeConfig } from "@kubernetes/client-node";
import { connect, kubeconfigPath } from "../cluster/kubeconfig";
import { OperationError } from "../errors/operation-error";
import type { Environment } from "../../settings/environment";
import { type Check, checkOf } from "./check";

/** The connection that an environment pins, where there is one, and what is to be said of it. */
export interface ContextCheck {
  readonly check: Check;
  /** To the context. @default - undefined where the check failed */
  readonly connection?: KubeConfig;
}

/** Whether the environment's kubeconfig and context are there. Another context that is current is only said: it is never used. */
export function contextCheck(root: string, environment: Environment): ContextCheck {
  const check = checkOf("cluster", "context");
  const { context, kubeconfig } = environment.cluster;
  const start = environment.name === "sandbox" ? "npm run up" : "minikube start";
  try {
    const connection = connect(root, environment);
    if (!connection.getCurrentCluster()) {
      return {
        check: check.failed(
          `${context} in ${kubeconfig} names a cluster that the file does not have`,
          `kubectl --kubeconfig ${kubeconfig} config get-contexts`,
        ),
      };
    }
    const file = new KubeConfig();
    file.loadFromFile(kubeconfigPath(root, environment));
    const current = file.getCurrentContext();
    const other =
      current && current !== context ? `; the current one, ${current}, is another, and is not used` : "";
    return { connection, check: check.ok(`${context} in ${kubeconfig}, as the environment pins it${other}`) };
  } catch (error) {
    if (error instanceof OperationError) {
      return {
        check: check.failed(
          error.found ?? error.message,
          `${start}, or correct cluster.context and cluster.kubeconfig in environments/${environment.name}.yaml`,
        ),
      };
    }
    // What the parser says may quote the file, which holds keys.
    return {
      check: check.failed(
        `${kubeconfig} cannot be read as a kubeconfig`,
        `kubectl --kubeconfig ${kubeconfig} config view says what is wrong in it`,
      ),
    };
  }
}
