import { DataKubernetesNamespaceV1 } from "@cdktf/provider-kubernetes/lib/data-kubernetes-namespace-v1";
import { type ITerraformDependable, TerraformStack } from "cdktf";
import type { Construct } from "constructs";

/**
 * The proof that a stack reaches its cluster: one namespace that is read before anything is planned. Made once a stack, by
 * the first release that asks for it, and read with the Kubernetes provider of the stack.
 *
 * The Helm provider takes a cluster that does not answer for one without releases: the plan then says that it will create
 * them all, and a deploy forgets those it had. With this both fail instead.
 *
 * @param namespace that of the first release
 */
export function reachableCluster(scope: Construct, namespace: string): ITerraformDependable {
  const stack = TerraformStack.of(scope);
  const made = stack.node.tryFindChild("reachable") as DataKubernetesNamespaceV1 | undefined;
  return made ?? new DataKubernetesNamespaceV1(stack, "reachable", { metadata: { name: namespace } });
}
