import { requireTerraform } from "../../../constructs/terraform-version";
import { synthesizeStack } from "../synthesize";

test("a Terraform without write-only attributes refuses the stack", () => {
  const { terraform } = synthesizeStack(requireTerraform);
  expect(terraform).toMatchObject({ required_version: ">= 1.11.0" });
});
