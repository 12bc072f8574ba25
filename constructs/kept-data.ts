import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import type { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Aspects, TerraformResource, type TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { platformLabels } from "../settings/platform-labels";
import { literal } from "./terraform-text";

/** Types of resources that hold data: a claim, and the namespace that it would go with. */
const dataTypes = ["kubernetes_namespace", "kubernetes_persistent_volume_claim"];

/**
 * Makes Terraform refuse every plan that would delete data of a stack: a destroy, a change for which a claim or a namespace
 * would be replaced, and one that no longer has a namespace which is in the cluster. What somebody else adds to the stack is
 * kept too.
 *
 * `prevent_destroy` goes from the configuration with the resource that has it: that a namespace is missing there is seen by the
 * labels of those in the cluster.
 *
 * Terraform's refusal of a destroy prints addresses and nothing of ours, so that one resource is there for its address alone:
 * it says how to go on.
 *
 * The stack needs the provider: `connectKubernetes`.
 *
 * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
 */
export function keepData(stack: TerraformStack, environment: string): void {
  // Not CDKTF's own class for it, which starts Terraform in every synth and asks its version.
  const guard = new TerraformResource(stack, "data-is-kept", {
    terraformResourceType: "terraform_data",
    lifecycle: { preventDestroy: true },
  });
  guard.overrideLogicalId(wayOut(environment));
  const labels = platformLabels({ name: "", environment, component: "" });
  const deployed = new DataKubernetesResources(stack, "deployed-namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    labelSelector: ["env", "app.kubernetes.io/part-of"].map((label) => `${label}=${labels[label]}`).join(),
  });
  deployed.overrideLogicalId("deployed_namespaces");
  const namespaces: string[] = [];
  const visit = (node: IConstruct): void => {
    if (!TerraformResource.isTerraformResource(node) || !isDataType(node.terraformResourceType)) return;
    node.lifecycle = { ...node.lifecycle, preventDestroy: true };
    // Terraform destroys what depends on others before them, and stops there: its refusal is this one and not one for each.
    guard.dependsOn = [...(guard.dependsOn ?? []), `${node.terraformResourceType}.${node.friendlyUniqueId}`];
    if (!node.terraformResourceType.startsWith("kubernetes_namespace")) return;
    namespaces.push((node as NamespaceV1).metadataInput?.name ?? "");
    deployed.lifecycle = { postcondition: [nothingLost(environment, namespaces)] };
  };
  Aspects.of(stack).add({ visit });
}

/** Whether `npm run destroy` leaves the resource of this address, such as `kubernetes_namespace_v1.chat`, where data is kept. */
export function isKept(address: string): boolean {
  const [type = "", name = ""] = address.split(".");
  return isDataType(type) || (type === "terraform_data" && name.startsWith(wayOutStart));
}

const wayOutStart = "npm_run_destroy_keeps_the_data_and_DELETE_DATA_";

function wayOut(environment: string): string {
  return `${wayOutStart}${environment.replace(/[^\w-]/g, "_")}_deletes_it`;
}

function isDataType(type: string): boolean {
  return dataTypes.includes(type.replace(/_v\d\w*$/, ""));
}

/**
 * What a plan must hold against the cluster: a resource's own `prevent_destroy` says of a namespace that is replaced not what is
 * lost, and how to keep it.
 */
function nothingLost(
  environment: string,
  namespaces: readonly string[],
): { condition: string; errorMessage: string } {
  const file = `environments/${environment}.yaml`;
  const lost = `[for namespace in self.objects : namespace if !contains(${JSON.stringify(namespaces)}, namespace.metadata.name)]`;
  const each = (what: string, separator = ", "): string =>
    `\${join("${separator}", ${lost}[*].metadata.${what})}`;
  return {
    condition: `\${length(${lost}) == 0}`,
    errorMessage: [
      `data would be lost: what is in the namespace ${each("name")}, which is of no release that ${literal(file)} has any more.`,
      `To keep it and run nothing: leave the release (${each('labels["app.kubernetes.io/name"]')}) there, with installed: false.`,
      `To keep it under another name of the release: give that one namespace: ${each("name", " or ")}.`,
      `To delete it: once with the variable DELETE_DATA=${literal(environment)}.`,
    ].join("\n"),
  };
}
