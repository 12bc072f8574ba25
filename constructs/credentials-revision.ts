import { Fn, type IResolvable, propertyAccess, TerraformVariable, Token } from "cdktf";
import type { Construct } from "constructs";
import { credentialsRevision, unknownRevision } from "../settings/credentials";

/**
 * The revision of a Secret: a number that differs whenever one of its values differs. `npm run deploy` computes it; with bare
 * `cdktf deploy` the variable is set like any other, or every revision stays 1.
 *
 * It cannot be computed in Terraform: what is derived from an ephemeral value is ephemeral and cannot be stored.
 *
 * It is in the text of values, as JSON, which must hold no quotation marks of Terraform's: hence no index.
 *
 * @param id of the Secret: a name to Terraform, such as `chat_web`
 */
export function revisionOf(scope: Construct, id: string): IResolvable {
  const declared = scope.node.tryFindChild(credentialsRevision) ?? declare(scope);
  return Fn.try([
    propertyAccess((declared as TerraformVariable).value, [id]),
    unknownRevision,
  ]) as IResolvable;
}

function declare(scope: Construct): TerraformVariable {
  return new TerraformVariable(scope, credentialsRevision, {
    type: "map(number)",
    default: Token.asAny({}),
    nullable: false,
    description:
      "by Secret, differs whenever one of its credentials differs; npm run --silent secrets -- revision prints it",
  });
}
