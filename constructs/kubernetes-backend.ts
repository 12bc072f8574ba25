import { TerraformBackend, type TerraformRemoteState, type TerraformStack } from "cdktf";

export interface KubernetesBackendConfig {
  /** End of the name of the Secret that holds the state. */
  readonly secretSuffix: string;
  readonly namespace: string;
  /** Path of the kubeconfig as Terraform sees it from the stack's directory. */
  readonly configPath: string;
  readonly configContext: string;
}

/**
 * State in a Secret of the cluster itself, locked with a Lease: CDKTF has no class for this backend of Terraform.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/kubernetes
 */
export class KubernetesBackend extends TerraformBackend {
  constructor(
    scope: TerraformStack,
    private readonly config: KubernetesBackendConfig,
  ) {
    super(scope, "backend", "kubernetes");
  }

  protected override synthesizeAttributes(): { [name: string]: string } {
    return {
      secret_suffix: this.config.secretSuffix,
      namespace: this.config.namespace,
      config_path: this.config.configPath,
      config_context: this.config.configContext,
    };
  }

  protected override synthesizeHclAttributes(): { [name: string]: string } {
    return this.synthesizeAttributes();
  }

  /** The stacks share plain strings and an order, never each other's state. */
  public override getRemoteStateDataSource(): TerraformRemoteState {
    throw new Error("the state of one stack is not read by another: pass plain strings");
  }
}
