import { credentialsSecretAddress } from "../../../constructs/credentials-secret";
import { credentials } from "../../../settings/credentials";
import { sampleRepository } from "../sample-repository";
import {
  addresses,
  type Platform,
  platformOf,
  synthesizePlatform,
  valuesTexts,
} from "../synthesize-platform";

/** The platform where somebody else fills the Secret. */
function managed(source: string): Platform {
  const sample = sampleRepository();
  sample.edit("environments/minikube.yaml", "applications:", `credentials: ${source}\n\napplications:`);
  return synthesizePlatform("minikube", { sample });
}

const theirs = managed("{ source: secret, name: theirs }");

test("no Secret is made and no credential is asked for", () => {
  expect(addresses(theirs.foundation).filter((address) => /secret|^var\./.test(address))).toEqual([
    "output.credentials_secret",
  ]);
  expect(theirs.foundation.output?.credentials_secret).toMatchObject({ value: "librechat/theirs" });
  const asked = Object.keys({ ...theirs.foundation.variable, ...theirs.llmApps.variable });
  expect(asked).toEqual(["credentials_revision"]);
  for (const { variable } of credentials) expect(asked).not.toContain(variable);
});

test("LibreChat and Meilisearch read the Secret that is named, and restart when its revision differs", () => {
  const [values = "", restart = ""] = valuesTexts(theirs, "librechat");
  expect(values).toMatch(/existingSecretName: theirs\n/);
  expect(values).toMatch(/existingMasterKeySecret: theirs\n/);
  expect(values).not.toContain("librechat-credentials-env");
  expect(JSON.parse(restart)).toMatchObject({
    podAnnotations: { "llm-platform/credentials-revision": "${var.credentials_revision}" },
  });
});

test("a Secret of the same name is let go, and not deleted under those who fill it", () => {
  const taken = managed("{ source: secret }");
  expect(taken.foundation).toMatchObject({
    removed: [{ from: credentialsSecretAddress, lifecycle: { destroy: false } }],
  });
  expect(theirs.foundation).not.toHaveProperty("removed");
});

test("what is let go is what is made otherwise", () => {
  expect(addresses(platformOf("minikube").foundation)).toContain(credentialsSecretAddress);
});

test("where sops encrypts them, Terraform has them as from a file", () => {
  const { foundation } = managed("{ source: sops }");
  expect(foundation).toEqual(platformOf("minikube").foundation);
});
