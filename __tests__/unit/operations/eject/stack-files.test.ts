import * as fs from "node:fs";
import * as path from "node:path";
import type { ProviderBlocks } from "../../../../operations/eject/provider-blocks";
import { withPlainNames } from "../../../../operations/eject/plain-names";
import { reasons } from "../../../../operations/eject/reasons";
import type { StackConfiguration } from "../../../../operations/eject/stack-configuration";
import { stackFiles } from "../../../../operations/eject/stack-files";
import { withoutThisProgram } from "../../../../operations/eject/without-this-program";
import { sampleRepository } from "../../sample-repository";
import { environments, type Platform, platformOf, synthesizePlatform } from "../../synthesize-platform";

/** As much as these tests look at. */
const blocks: ProviderBlocks = {
  provider: {},
  resource: {
    kubernetes_namespace_v1: { metadata: {}, timeouts: {} },
    kubernetes_limit_range_v1: { metadata: {}, spec: { limit: {} } },
    kubernetes_role_binding_v1: { metadata: {}, role_ref: {}, subject: {} },
  },
  data: {},
};

function ejected({ outdir }: Platform, stack: string): { readonly [file: string]: string } {
  const text = fs.readFileSync(path.join(outdir, "stacks", stack, "cdk.tf.json"), "utf8");
  return stackFiles(withoutThisProgram(JSON.parse(text) as StackConfiguration), blocks);
}

/** A platform whose Secrets somebody else fills: Terraform lets go of those that it made. */
function managed(): Platform {
  const sample = sampleRepository();
  sample.edit("environments/minikube.yaml", "cluster:\n", "credentials: { source: secret }\ncluster:\n");
  return synthesizePlatform("minikube", { sample });
}

test("what is about one namespace has a file of its own, and the values of a release are YAML", () => {
  expect(Object.keys(ejected(platformOf("production"), "foundation")).sort()).toEqual(
    ["librechat", "main", "moved", "ollama", "outputs", "providers", "terraform", "variables"].map(
      (name) => `${name}.tf`,
    ),
  );
  const files = ejected(platformOf("production"), "llm-apps");
  expect(Object.keys(files).filter((name) => name.startsWith("values/"))).toEqual([
    "values/librechat.yaml",
    "values/ollama.yaml",
  ]);
  // For Terraform's templates it was escaped, which a file is not.
  expect(files["values/ollama.yaml"]).toContain("server=${1%:*} port=${1##*:}");
  expect(files["librechat.tf"]).toContain('file("${path.module}/values/librechat.yaml"),');
  expect(files["librechat.tf"]).toContain("jsonencode({");
  expect(files["librechat.tf"]).toContain(
    '"llm-platform/credentials-revision" = tostring(try(var.credentials_revision.librechat_web, 1))',
  );
});

test("plain names have no hash, where two would not have the same, and the state is told", () => {
  const twice = { quota_0A1B2C3D: {}, quota_4E5F6A7B: {} };
  const stack = {
    resource: { limits: { chat_limits_0A1B2C3D: { name: "chat" } }, quotas: twice },
    output: { names: { value: "${limits.chat_limits_0A1B2C3D.name} ${quotas.quota_0A1B2C3D.name}" } },
  } as unknown as StackConfiguration;
  expect(withPlainNames(stack)).toEqual({
    resource: { limits: { chat_limits: { name: "chat" } }, quotas: twice },
    output: { names: { value: "${limits.chat_limits.name} ${quotas.quota_0A1B2C3D.name}" } },
    moved: [{ from: "limits.chat_limits_0A1B2C3D", to: "limits.chat_limits" }],
  });
});

test("labels that stand more than once have a name, and whoever has more adds them to it", () => {
  const { "ollama.tf": text = "" } = ejected(platformOf("sandbox"), "foundation");
  expect(text.match(/^ {2}ollama_model_server_labels = \{$/gm)).toHaveLength(1);
  expect(text).toMatch(
    /labels = merge\(local\.ollama_model_server_labels, \{\n.*"pod-security[^"]+" = "restricted"/,
  );
});

test("credentials stay variables that are neither shown nor kept", () => {
  const { "variables.tf": text = "" } = ejected(platformOf("production"), "foundation");
  const variable = /variable "jwt_secret" \{\n([\s\S]*?)\n\}\n/.exec(text)?.[1];
  expect(variable).toMatch(/^ {2}type = string\n {2}description = ".+"\n {2}ephemeral = true\n/);
  expect(variable).toContain("sensitive = true");
  expect(variable).toContain("  validation {\n    condition = can(regex(");
});

test("what goes from the state or moves in it goes on doing so, by its address", () => {
  expect(ejected(platformOf("sandbox"), "foundation")["moved.tf"]).toContain(
    "moved {\n  from = kubernetes_secret_v1.credentials_secret_E9FDEF67\n  to = kubernetes_secret_v1.credentials_librechat_web\n}",
  );
  expect(ejected(managed(), "foundation")["main.tf"]).toContain(
    "removed {\n  from = kubernetes_secret_v1.credentials_librechat_web\n\n  lifecycle {\n    destroy = false\n  }\n}",
  );
});

test("nothing advises what only this program could do, and each reason stands somewhere", () => {
  const texts = [...environments.map(platformOf), managed()].flatMap((platform) =>
    ["foundation", "llm-apps"].flatMap((stack) => Object.entries(ejected(platform, stack))),
  );
  const advice = texts.filter(
    ([file, text]) => !file.startsWith("values/") && /npm run|cdktf|DELETE_DATA=/.test(text),
  );
  expect(advice).toEqual([]);
  const written = texts.map(([, text]) => text.replaceAll(/\n *# /g, " ").replaceAll(/^# /g, "")).join("\n");
  expect(Object.values(reasons).filter((reason) => !written.includes(reason.replaceAll("\n", " ")))).toEqual(
    [],
  );
});
