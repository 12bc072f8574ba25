import { TerraformVariable } from "cdktf";
import type { Construct } from "constructs";

/** The annotation by which pods that read credentials are made anew when the revision differs. */
export const credentialsRevisionAnnotation = "llm-platform/credentials-revision";

/** The variable by which both stacks learn that a credential changed. */
export type CredentialsRevision = TerraformVariable;

/**
 * Declares the revision of the credentials: a number that differs whenever one of them differs. `npm run deploy` computes
 * it; with bare `cdktf deploy` it is set like any variable, or stays 1.
 *
 * It cannot be computed in Terraform: what is derived from an ephemeral value is ephemeral and cannot be stored.
 */
export function declareCredentialsRevision(scope: Construct, name: string): CredentialsRevision {
  return new TerraformVariable(scope, name, {
    type: "number",
    default: 1,
    nullable: false,
    description: "differs whenever a credential differs; npm run --silent secrets -- revision prints it",
  });
}
