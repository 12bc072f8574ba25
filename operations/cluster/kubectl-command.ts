import type { Environment } from "../../settings/environment";

/** How a command for people begins that asks an environment's cluster, whichever context is current. */
export function kubectlCommand({ cluster }: Pick<Environment, "cluster">): string {
  const file = cluster.kubeconfig === "~/.kube/config" ? "" : ` --kubeconfig ${cluster.kubeconfig}`;
  return `kubectl${file} --context ${cluster.context}`;
}
