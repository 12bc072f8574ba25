import type { TerraformStack } from "cdktf";

/** The first version that has write-only attributes, which keep the credentials out of the state. */
export const oldestTerraform = "1.11.0";

/**
 * Makes an older Terraform refuse the stack with its own version error instead of a syntax error.
 *
 * CDKTF would start Terraform in every synth and ask its version, for resources that have moved: a synth needs no Terraform.
 */
export function requireTerraform(stack: TerraformStack): void {
  stack.addOverride("terraform.required_version", `>= ${oldestTerraform}`);
  stack.hasResourceMove = () => false;
}
