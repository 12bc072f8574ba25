import * as path from "node:path";
import { loadEnvironment } from "../../../../applications/load-environment";
import { adviceFor } from "../../../../operations/terraform/advice";

const root = path.join(__dirname, "..", "..", "..", "..");
const minikube = loadEnvironment(root, "minikube");

// What Terraform and the providers really printed, frames and line breaks included.
test.each([
  [
    "a release that is stuck",
    "│ Error: another operation (install/upgrade/rollback) is in\n│ progress",
    /a release is stuck/,
  ],
  [
    "an API server that does not answer",
    '│ Error: Get "https://127.0.0.1:6443/api/v1/namespaces/ollama": dial tcp\n│ 127.0.0.1:6443: connect: connection refused',
    /the API server of the context minikube does not answer: nothing was changed; start it \(minikube start/,
  ],
  [
    "a registry of providers that does not answer",
    "│ Error: Failed to query available provider\n│ packages\n│\n│ Could not retrieve the list of available versions: no such host",
    /TF_CLI_CONFIG_FILE/,
  ],
  [
    "a version of a provider that nobody has",
    "│ Error: Failed to query available provider packages\n│\n│ Could not retrieve the list of available versions for provider\n│ hashicorp/kubernetes: no available releases match the given constraints 9.9.9",
    /^no mirror and no registry that is asked has that version of the provider: correct providers in environments\/minikube\.yaml, /,
  ],
  [
    "a provider that a mirror lacks",
    "Error: Failed to query available provider packages\n\nCould not retrieve the list of available versions for provider\nhashicorp/helm: provider registry.terraform.io/hashicorp/helm was not\nfound in any of the search locations",
    /^no mirror and no registry that is asked has that version/,
  ],
  [
    "a chart's repository that does not answer",
    'Error: Error locating chart\n\nUnable to locate chart ollama: looks like "https://charts.invalid" is not a\nvalid chart repository or cannot be reached',
    /set CHARTS_DIR/,
  ],
  [
    "a missing credential",
    'Error: No value for required variable\n\nThe root module input variable "creds_key" is not set',
    /npm run secrets -- check --environment minikube/,
  ],
  [
    "a Secret that somebody else made",
    '│ Error: secrets "librechat-credentials-env" already\n│ exists',
    /^somebody else made the Secret librechat-credentials-env: delete it, .* environments\/minikube\.yaml$/,
  ],
  [
    "several Secrets that somebody else made, one of them told twice",
    'Error: secrets "chat-credentials-env" already exists\nError: secrets "chat-mongodb-credentials-env" already\nexists\nError: secrets "chat-credentials-env" already exists',
    /^somebody else made the Secrets chat-credentials-env and chat-mongodb-credentials-env: delete them, /,
  ],
  [
    "pods that did not become ready",
    "Error: context deadline\nexceeded",
    /pods did not become ready in time/,
  ],
  [
    "a claim that would be replaced",
    "│ Error: Instance cannot be destroyed\n│\n│   on cdk.tf.json line 602, in resource.kubernetes_persistent_volume_claim_v1:\n│\n│ Resource kubernetes_persistent_volume_claim_v1.ollama_models (ollama-models/claim) has\n│ lifecycle.prevent_destroy set, but the plan calls for this resource to be\n│ destroyed.",
    /^kubernetes_persistent_volume_claim_v1\.ollama_models holds data, which minikube keeps .* --delete-data, and deploy anew$/,
  ],
  [
    "a claim that OpenTofu would replace",
    "│ Error: Resource instance cannot be destroyed\n│\n│ Resource instance kubernetes_persistent_volume_claim_v1.ollama_models has\n│ prevent_destroy set, but the plan calls for it to be destroyed.\n│\n│ To proceed, either disable prevent_destroy for this resource",
    /^kubernetes_persistent_volume_claim_v1\.ollama_models holds data, which minikube keeps /,
  ],
  [
    "a state that was written in clear",
    "│ Error: Error acquiring the state lock\n│\n│ Error message: failed to write backup file: encountered unencrypted payload\n│ without unencrypted method configured",
    /^the state is in clear, from before: /,
  ],
  [
    "a state that was encrypted with another key",
    "│ Error: Error acquiring the state lock\n│\n│ Error message: failed to write backup file: decryption failed for all\n│ provided methods",
    /^the state is encrypted with another key than that of TF_ENCRYPTION/,
  ],
  [
    "an encrypted state without its key",
    "│ Error message: failed to write backup file: Unsupported state file format:\n│ This state file is encrypted and can not be read without an encryption\n│ configuration",
    /^the state is encrypted with another key than that of TF_ENCRYPTION, or that is not set/,
  ],
  [
    "all that a plan would delete",
    ["volume_claim_v1.a", "volume_claim_v1.b", "namespace_v1.c", "volume_claim_v1.a"]
      .map(
        (one) =>
          `Error: Instance cannot be destroyed\n│ Resource kubernetes_${one} has\n│ lifecycle.prevent_destroy set`,
      )
      .join("\n"),
    /^kubernetes_volume_claim_v1\.a, kubernetes_volume_claim_v1\.b and kubernetes_namespace_v1\.c hold data, which/,
  ],
  [
    "a claim that cannot grow",
    'Error: persistentvolumeclaims "models" is forbidden: only dynamically provisioned pvc can be resized and the\nstorageclass that provisions the pvc must support resize',
    /put the old size back in environments\/minikube\.yaml/,
  ],
  [
    "a state that cannot be written",
    "│ Error: Error acquiring the state lock\n│ \n│ Error message: open ../../../../state/minikube/llm-apps.tfstate: read-only file\n│ system\n│ \n│ Terraform acquires a state lock",
    /cannot be written \(read-only file system\): make state\/minikube writable, .* environments\/minikube\.yaml$/,
  ],
  ["a lock that somebody holds", "Error: Error acquiring the state lock", /somebody else is deploying/],
])("says what to do about %s", (_fault, output, advice) => {
  expect(adviceFor(output, minikube)).toMatch(advice);
});

test("says nothing where it knows nothing better than the message itself", () => {
  expect(adviceFor("Error: quota exceeded", minikube)).toBeUndefined();
});
