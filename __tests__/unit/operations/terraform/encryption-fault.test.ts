import { encryptionFault } from "../../../../operations/terraform/encryption-fault";

const of = (engine: "terraform" | "opentofu", encrypted?: boolean) => ({
  name: "production",
  engine,
  state: { backend: "local" as const, encrypted },
});
const set = { TF_ENCRYPTION: 'key_provider "pbkdf2" "key" {}' };

test("a state that nobody wants encrypted, and one that OpenTofu encrypts, are no fault", () => {
  expect(encryptionFault(of("terraform"), {})).toBeUndefined();
  expect(encryptionFault(of("opentofu"), {})).toBeUndefined();
  expect(encryptionFault(of("opentofu"), set)).toBeUndefined();
  expect(encryptionFault(of("opentofu", true), set)).toBeUndefined();
  expect(encryptionFault(of("terraform", true), { ...set, TERRAFORM_BINARY_NAME: "tofu" })).toBeUndefined();
});

test("OpenTofu is not begun without the key that an environment wants", () => {
  expect(encryptionFault(of("opentofu", true), {})?.found).toBe(
    "environments/production.yaml says state.encrypted, and TF_ENCRYPTION, which says how and with which key, is not set",
  );
});

test("Terraform is not begun where somebody believes that it encrypts", () => {
  expect(encryptionFault(of("terraform"), set)).toEqual({
    found:
      "TF_ENCRYPTION is set, and Terraform (terraform) knows no encryption: it would keep the state in clear",
    fix: "say engine: opentofu in environments/production.yaml, or do without",
  });
  expect(encryptionFault(of("opentofu", true), { TERRAFORM_BINARY_NAME: "terraform" })?.found).toBe(
    "environments/production.yaml says state.encrypted, and Terraform (terraform) knows no encryption: it would keep the state in clear",
  );
});
