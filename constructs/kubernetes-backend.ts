import { TerraformBackend, type TerraformRemoteState, type TerraformStack } from "cdktf";

/**
 * State in a Secret of the cluster itself, locked with a Lease: CDKTF has no class for this backend of Terraform.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/kubernetes
 */
export class KubernetesBackend extends TerraformBackend {
  /** @param attributes as Terraform has them: `secret_suffix`, `namespace`, `config_path`, … */
  constructor(
    scope: TerraformStack,
    private readonly attributes: { readonly [name: string]: string },
  ) {
    super(scope, "backend", "kubernetes");
  }

  protected override synthesizeAttributes(): { [name: string]: string } {
    return this.attributes;
  }

  protected override synthesizeHclAttributes(): { [name: string]: string } {
    return this.synthesizeAttributes();
  }

  /** The stacks share plain strings and an order, never each other's state. */
  public override getRemoteStateDataSource(): TerraformRemoteState {
    throw new Error("the state of one stack is not read by another: pass plain strings");
  }
}
