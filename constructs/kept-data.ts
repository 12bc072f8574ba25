import { Aspects, DataResource, type IAspect, TerraformResource, type TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";

/** Types of resources that hold data: a claim, and the namespace that it would go with. */
const dataTypes = ["kubernetes_namespace", "kubernetes_persistent_volume_claim"];

/**
 * Makes Terraform refuse every plan that would delete data of a stack: a destroy, and a change for which a claim or a
 * namespace would be replaced. What somebody else adds to the stack is kept too.
 *
 * Terraform's refusal prints addresses and nothing of ours, so that one resource is there for its address alone: it says how
 * to go on.
 *
 * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#prevent_destroy
 */
export function keepData(stack: TerraformStack, environment: string): void {
  const guard = new DataResource(stack, "data-is-kept", { lifecycle: { preventDestroy: true } });
  guard.overrideLogicalId(wayOut(environment));
  Aspects.of(stack).add(new PreventDestroy(guard));
}

/** Whether `npm run destroy` leaves the resource of this address, such as `kubernetes_namespace_v1.ollama`, where data is kept. */
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

class PreventDestroy implements IAspect {
  constructor(private readonly guard: DataResource) {}

  public visit(node: IConstruct): void {
    if (!TerraformResource.isTerraformResource(node) || !isDataType(node.terraformResourceType)) return;
    node.lifecycle = { ...node.lifecycle, preventDestroy: true };
    // Terraform destroys what depends on others before them, and stops there: its refusal is this one and not one for each.
    this.guard.dependsOn = [
      ...(this.guard.dependsOn ?? []),
      `${node.terraformResourceType}.${node.friendlyUniqueId}`,
    ];
  }
}
