import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import {
  type IResolvable,
  type ITerraformDependable,
  type TerraformStack,
  TerraformVariable,
  Token,
} from "cdktf";
import { Construct } from "constructs";
import type { Credential } from "../settings/credentials";
import { type PlatformLabelsProps, platformLabels } from "../settings/platform-labels";

export interface CredentialsSecretProps extends PlatformLabelsProps {
  /** Name of the Secret. */
  readonly secretName: string;
  readonly namespace: string;
  /** By key. */
  readonly data: { readonly [key: string]: string };
  /** Differs when a value changed, as {@link revisionOf} makes it: Terraform keeps none of them, and cannot see it by itself. */
  readonly revision: IResolvable;
  /** Its address in states of before it was called after the id. @default - it always was */
  readonly former?: string;
  readonly dependsOn: ITerraformDependable[];
}

/**
 * A Secret whose values Terraform passes on and forgets: ephemeral variables into a write-only attribute. They are in
 * neither state nor plan.
 *
 * @see https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only
 */
export class CredentialsSecret extends Construct {
  /** @param id construct id, and name of the resource */
  constructor(scope: Construct, id: string, props: CredentialsSecretProps) {
    super(scope, id);
    const { secretName, namespace, data, revision, former, dependsOn } = props;
    const secret = new SecretV1(this, "secret", {
      metadata: { name: secretName, namespace, labels: platformLabels(props) },
      type: "Opaque",
      dataWo: { ...data },
      dataWoRevision: Token.asNumber(revision),
      dependsOn,
    });
    secret.overrideLogicalId(id);
    if (former) secret.moveFromId(former);
  }
}

/**
 * Lets go of a Secret that a stack made, where somebody else fills one of the same name: it goes from the state and stays in
 * the cluster. Where there is none this does nothing.
 *
 * @see https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources
 */
export function forgetCredentialsSecret(stack: TerraformStack, id: string, former: string | undefined): void {
  const all = forgotten.get(stack) ?? [];
  const addresses = [`${SecretV1.tfResourceType}.${id}`, ...(former ? [former] : [])];
  all.push(...addresses.map((from) => ({ from, lifecycle: { destroy: false } })));
  forgotten.set(stack, all);
  stack.addOverride("removed", all);
}

/** CDKTF has no class for what goes from the state, and a stack has one list of it. */
const forgotten = new WeakMap<TerraformStack, object[]>();

/** An ephemeral variable that Terraform checks before it plans anything, and whose value no message shows. */
export function declareCredential(
  scope: Construct,
  { variable, pattern, allowed, bytes }: Credential,
): TerraformVariable {
  const make = bytes === undefined ? `secrets -- set ${variable.toUpperCase()}` : "secrets -- generate";
  const declared = new TerraformVariable(scope, `credential-${variable}`, {
    type: "string",
    description: `${allowed}; set it with TF_VAR_${variable}`,
    sensitive: true,
    nullable: false,
    validation: [
      {
        condition: `\${can(regex(${JSON.stringify(pattern)}, var.${variable}))}`,
        errorMessage: `${variable} is malformed: expected ${allowed}. Make credentials with: npm run ${make}`,
      },
    ],
  });
  // The name is what people set: it carries no hash of the construct's path.
  declared.overrideLogicalId(variable);
  // Not a property of CDKTF's class, which is older than ephemeral variables.
  declared.addOverride("ephemeral", true);
  return declared;
}
