import { credentials } from "../../credentials";
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
  expect(addresses(theirs.foundation).filter((address) => /secret|^var\./.test(address))).toEqual([]);
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
    podAnnotations: {
      "llm-platform/credentials-revision": "${try(var.credentials_revision.librechat_web, 1)}",
    },
  });
});

test("a Secret of the same name is let go, and not deleted under those who fill it", () => {
  const taken = managed("{ source: secret }");
  expect(taken.foundation).toMatchObject({
    removed: [
      "credentials_librechat_web",
      // The address of the first platforms.
      "credentials_secret_E9FDEF67",
      "credentials_librechat_mongodb",
      "credentials_librechat_meilisearch",
    ].map((name) => ({ from: `kubernetes_secret_v1.${name}`, lifecycle: { destroy: false } })),
  });
  expect(theirs.foundation).not.toHaveProperty("removed");
});

test("what is let go is what is made otherwise", () => {
  const made = addresses(platformOf("minikube").foundation).filter((address) =>
    /^kubernetes_secret/.test(address),
  );
  expect(made.sort()).toEqual([
    "kubernetes_secret_v1.credentials_librechat_meilisearch",
    "kubernetes_secret_v1.credentials_librechat_mongodb",
    "kubernetes_secret_v1.credentials_librechat_web",
  ]);
});

test("where sops encrypts them, Terraform has them as from a file", () => {
  const { foundation } = managed("{ source: sops }");
  expect(foundation).toEqual(platformOf("minikube").foundation);
});
