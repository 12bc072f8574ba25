import * as fs from "node:fs";
import * as path from "node:path";
import { engineCheck } from "../../../../operations/doctor/tools";
import { temporaryDirectory } from "../../sample-repository";

/** What is found of an engine, with programs on PATH that say they are something. */
async function found(
  engine: "terraform" | "opentofu",
  programs: { readonly [name: string]: string },
  { encrypted, ...variables }: NodeJS.ProcessEnv & { readonly encrypted?: "yes" } = {},
): Promise<string> {
  const bin = temporaryDirectory();
  for (const [name, says] of Object.entries(programs)) {
    fs.writeFileSync(path.join(bin, name), `#!/bin/sh\necho "${says}"\n`, { mode: 0o755 });
  }
  const environment = {
    name: "x",
    engine,
    state: { backend: "local" as const, encrypted: encrypted === "yes" },
  };
  const { name, result, found, fix } = await engineCheck(environment, { PATH: bin, ...variables });
  return `${name}: ${result}: ${found}${fix ? ` → ${fix}` : ""}`;
}

test("the engine of the environment is named with its version", async () => {
  const both = { terraform: "Terraform v1.11.4", tofu: "OpenTofu v1.12.6" };
  expect(await found("terraform", both)).toBe("terraform: ok: Terraform 1.11.4 (1.11 or newer)");
  expect(await found("opentofu", both)).toBe("tofu: ok: OpenTofu 1.12.6 (1.11 or newer)");
  expect(await found("terraform", both, { TERRAFORM_BINARY_NAME: "tofu" })).toBe(
    "tofu: ok: OpenTofu 1.12.6 (1.11 or newer)",
  );
  expect(await found("opentofu", both, { encrypted: "yes", TF_ENCRYPTION: "x" })).toBe(
    "tofu: ok: OpenTofu 1.12.6 (1.11 or newer), with an encrypted state",
  );
});

test.each([
  [
    "one that is too old",
    () => found("opentofu", { tofu: "OpenTofu v1.10.9" }),
    /^tofu: failed: OpenTofu 1\.10\.9, expected 1\.11 or newer: .* → install OpenTofu: https:\/\/opentofu\.org/,
  ],
  [
    "one that is not there, beside one that is",
    () => found("terraform", { tofu: "OpenTofu v1.12.6" }),
    /^terraform: failed: is not on PATH, expected 1\.11 or newer → say engine: opentofu in environments\/x\.yaml, .*; or install Terraform: /,
  ],
  [
    "one that is taken for the other, whose registry it does not know",
    () => found("terraform", { terraform: "OpenTofu v1.12.6" }),
    /^terraform: failed: is OpenTofu 1\.12\.6, and is taken for Terraform, .* → say engine: opentofu in environments\/x\.yaml/,
  ],
  [
    "a key that is not there",
    () => found("opentofu", { tofu: "OpenTofu v1.12.6" }, { encrypted: "yes" }),
    /^tofu: failed: environments\/x\.yaml says state\.encrypted, and TF_ENCRYPTION, .* is not set → export TF_ENCRYPTION/,
  ],
])("fails for %s", async (_what, answer, message) => {
  expect(await answer()).toMatch(message);
});
