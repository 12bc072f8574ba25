import { engineOf } from "../../../settings/engine";

test("an environment says what runs its stacks", () => {
  expect(engineOf("terraform", {})).toMatchObject({ title: "Terraform", program: "terraform" });
  expect(engineOf("opentofu", { TERRAFORM_BINARY_NAME: "" })).toMatchObject({
    title: "OpenTofu",
    program: "tofu",
    registry: "registry.opentofu.org",
  });
});

test.each([
  ["terraform", "/opt/tofu-1.11/tofu", "OpenTofu"],
  ["terraform", "C:\\programs\\tofu.exe", "OpenTofu"],
  ["opentofu", "terraform", "Terraform"],
  ["opentofu", "/opt/stand-in", "OpenTofu"],
  ["terraform", "/opt/stand-in", "Terraform"],
] as const)("before an environment that says %s, TERRAFORM_BINARY_NAME %s is %s", (said, program, title) => {
  expect(engineOf(said, { TERRAFORM_BINARY_NAME: program })).toMatchObject({ title, program });
});
