/**
 * The program that runs the stacks: `terraform`, or what the variable `TERRAFORM_BINARY_NAME` names, such as `tofu`. CDKTF's
 * command line reads the same variable.
 */
export function terraformProgram(variables: { readonly TERRAFORM_BINARY_NAME?: string }): string {
  return variables.TERRAFORM_BINARY_NAME || "terraform";
}
