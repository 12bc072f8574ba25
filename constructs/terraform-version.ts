import type { TerraformStack } from "cdktf";

/** The first version that has write-only attributes, which keep the credentials out of the state. */
export const oldestTerraform = "1.11.0";

/** Makes an older Terraform refuse the stack with its own version error instead of a syntax error. */
export function requireTerraform(stack: TerraformStack): void {
  stack.addOverride("terraform.required_version", `>= ${oldestTerraform}`);
}
