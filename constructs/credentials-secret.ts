import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { type ITerraformDependable, type TerraformStack, TerraformVariable } from "cdktf";
import { Construct } from "constructs";
import type { Credential } from "../settings/credentials";
import { type PlatformLabelsProps, platformLabels } from "../settings/platform-labels";
import type { CredentialsRevision } from "./credentials-revision";

export interface CredentialsSecretProps extends PlatformLabelsProps {
  /** Name of the Secret. */
  readonly secretName: string;
  readonly namespace: string;
  readonly credentials: readonly Credential[];
  /** Raised when a value changed: Terraform cannot see that by itself, since it keeps none of them. */
  readonly revision: CredentialsRevision;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A Secret whose values Terraform passes on and forgets: ephemeral variables into a write-only attribute. They are in
 * neither state nor plan.
 *
 * @see https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only
 */
export class CredentialsSecret extends Construct {
  constructor(scope: Construct, id: string, props: CredentialsSecretProps) {
    super(scope, id);
    const data = Object.fromEntries(
      props.credentials.map((credential) => [credential.key, declare(this, credential).stringValue]),
    );
    new SecretV1(this, "secret", {
      metadata: {
        name: props.secretName,
        namespace: props.namespace,
        labels: platformLabels(props),
      },
      type: "Opaque",
      dataWo: data,
      dataWoRevision: props.revision.numberValue,
      dependsOn: props.dependsOn,
    });
  }
}

/**
 * Lets go of the Secret that a stack made with the id `credentials`, where its environment names one of the same name that
 * somebody else fills: it goes from the state and stays in the cluster. Where there is none this does nothing.
 *
 * @see https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources
 */
export function forgetCredentialsSecret(stack: TerraformStack): void {
  stack.addOverride("removed", [{ from: credentialsSecretAddress, lifecycle: { destroy: false } }]);
}

/** The address of the Secret in a stack that makes it with the id `credentials`. */
export const credentialsSecretAddress = "kubernetes_secret_v1.credentials_secret_E9FDEF67";

/** An ephemeral variable that Terraform checks before it plans anything, and whose value no message shows. */
function declare(scope: Construct, { variable, pattern, allowed }: Credential): TerraformVariable {
  const declared = new TerraformVariable(scope, variable, {
    type: "string",
    description: `${allowed}; set it with TF_VAR_${variable}`,
    sensitive: true,
    nullable: false,
    validation: [
      {
        condition: `\${can(regex(${JSON.stringify(pattern)}, var.${variable}))}`,
        errorMessage: `${variable} is malformed: expected ${allowed}. Make credentials with: npm run secrets -- generate`,
      },
    ],
  });
  // The name is what people set: it carries no hash of the construct's path.
  declared.overrideLogicalId(variable);
  // Not a property of CDKTF's class, which is older than ephemeral variables.
  declared.addOverride("ephemeral", true);
  return declared;
}
