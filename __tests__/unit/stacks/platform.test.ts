import { App, TerraformResource } from "cdktf";
import * as fs from "node:fs";
import * as path from "node:path";
import { loadSettings } from "../../../applications/load-settings";
import { buildPlatform, checkPlatform } from "../../../stacks/platform";
import { failure } from "../failure";
import { repository, sampleRepository, temporaryDirectory } from "../sample-repository";
import { addresses, environments, platformOf, strings, synthesizePlatform } from "../synthesize-platform";
import { textsOf } from "../texts-of";

/** The logical ids of what every environment has. */
const foundationIds = [
  "kubernetes_limit_range_v1.librechat_limits_2F180E40",
  "kubernetes_limit_range_v1.ollama_limits_9D928A8F",
  "kubernetes_namespace_v1.librechat",
  "kubernetes_namespace_v1.ollama",
  "kubernetes_network_policy_v1.librechat_default-deny_AC670014",
  "kubernetes_network_policy_v1.librechat_dns_53C87D19",
  "kubernetes_network_policy_v1.librechat_ingress-to-librechat_2D5AEC76",
  "kubernetes_network_policy_v1.librechat_librechat-backup-egress_F82C2798",
  "kubernetes_network_policy_v1.librechat_librechat-backup-to-mongodb_A9A17489",
  "kubernetes_network_policy_v1.librechat_librechat-egress_D7E4A1F4",
  "kubernetes_network_policy_v1.librechat_librechat-to-meilisearch_74571C9F",
  "kubernetes_network_policy_v1.librechat_librechat-to-mongodb_CE641E1C",
  "kubernetes_network_policy_v1.ollama_default-deny_7F7F04E3",
  "kubernetes_network_policy_v1.ollama_dns_0FBE3BFB",
  "kubernetes_network_policy_v1.ollama_librechat-to-ollama_19B0A9B4",
  "kubernetes_network_policy_v1.ollama_ollama-egress_3730666D",
  "kubernetes_network_policy_v1.ollama_ollama-models-to-api_02CFA9C3",
  "kubernetes_network_policy_v1.ollama_ollama-models-egress_0178C264",
  "kubernetes_persistent_volume_claim_v1.librechat_database",
  "kubernetes_persistent_volume_claim_v1.librechat_images",
  "kubernetes_persistent_volume_claim_v1.librechat_search",
  "kubernetes_persistent_volume_claim_v1.librechat_uploads",
  "kubernetes_persistent_volume_claim_v1.ollama_models",
  "kubernetes_priority_class_v1.model-server",
  "kubernetes_resource_quota_v1.librechat_quota_06248815",
  "kubernetes_resource_quota_v1.ollama_quota_2859ADF5",
  "kubernetes_role_binding_v1.librechat_edit_1FDB4FE3",
  "kubernetes_role_binding_v1.librechat_view_16F20DCF",
  "kubernetes_role_binding_v1.ollama_edit_27906C2A",
  "kubernetes_role_binding_v1.ollama_view_BB18AFAB",
  "kubernetes_secret_v1.credentials_librechat_meilisearch",
  "kubernetes_secret_v1.credentials_librechat_mongodb",
  "kubernetes_secret_v1.credentials_librechat_web",
  "output.namespaces",
  "var.credentials_revision",
  "var.creds_iv",
  "var.creds_key",
  "var.jwt_refresh_secret",
  "var.jwt_secret",
  "var.meili_master_key",
  "var.mongodb_password",
  "var.mongodb_root_password",
];
const keptData = (environment: string) => [
  "data.kubernetes_resources.deployed_namespaces",
  `terraform_data.npm_run_destroy_keeps_the_data_and_DELETE_DATA_${environment}_deletes_it`,
];

test.each([
  ["minikube", ["kubernetes_network_policy_v1.ollama_ingress-to-ollama_B10C5D5C", ...keptData("minikube")]],
  ["minikube-cpu", keptData("minikube-cpu")],
  ["sandbox", []],
  ["production", keptData("production")],
])("the logical ids of %s are a contract: one that changes destroys what it named", (environment, more) => {
  const { foundation, llmApps } = platformOf(environment);
  expect(addresses(foundation)).toEqual([...foundationIds, ...more].sort());
  expect(addresses(llmApps)).toEqual([
    "data.kubernetes_namespace_v1.reachable",
    "helm_release.librechat",
    "helm_release.ollama",
    "output.librechat_release",
    "output.librechat_url",
    "output.ollama_release",
    "output.ollama_url",
    "var.credentials_revision",
  ]);
});

test("the stacks are the foundation and, after it, the applications", () => {
  const { stacks } = JSON.parse(textsOf(platformOf("minikube").outdir)["manifest.json"] ?? "{}") as {
    stacks: { [name: string]: unknown };
  };
  expect(stacks).toMatchObject({
    foundation: { name: "foundation", dependencies: [] },
    "llm-apps": { name: "llm-apps", dependencies: ["foundation"] },
  });
  expect(Object.keys(stacks)).toEqual(["foundation", "llm-apps"]);
});

test("the stacks are handed back in their order", () => {
  const { root } = sampleRepository();
  const app = new App({ outdir: path.join(root, "cdktf.out") });
  expect(buildPlatform(app, loadSettings(root, {})).map(({ node }) => node.id)).toEqual([
    "foundation",
    "llm-apps",
  ]);
});

test("a synth makes its text of each resource once", () => {
  const written = jest.spyOn(TerraformResource.prototype, "toTerraform");
  const { foundation, llmApps } = synthesizePlatform("minikube");
  const resources = [foundation, llmApps].flatMap(({ resource = {} }) =>
    Object.values(resource).flatMap((named) => Object.keys(named)),
  );
  expect(written).toHaveBeenCalledTimes(resources.length);
  written.mockRestore();
});

test("a check writes nothing, not even the folder for what is synthesized", () => {
  const { root } = sampleRepository();
  const settings = loadSettings(root, {});
  const before = process.cwd();
  const empty = temporaryDirectory();
  process.chdir(empty);
  try {
    checkPlatform(settings);
  } finally {
    process.chdir(before);
  }
  expect(fs.readdirSync(empty)).toEqual([]);
});

test("all that is wrong with the values of all releases is told at once, by whatever check", () => {
  const sample = sampleRepository();
  const write = (name: string, values: object): void =>
    sample.write(`values/${name}.minikube.yaml`, JSON.stringify(values));
  write("ollama", { fooo: 1, ingress: {}, fullnameOverride: "x", image: { tag: "latest" } });
  write("librechat", {
    service: null,
    image: { registry: "" },
    mongodb: { networkPolicy: { enabled: true } },
  });
  sample.edit("values/config/librechat.yaml", "cache:", "cach:");
  const faults = failure(() => checkPlatform(loadSettings(sample.root, {}))).split("\n");
  expect(faults.map((fault) => fault.split(": ").slice(0, 2).join(": "))).toEqual([
    "values/ollama.minikube.yaml:1: ingress",
    "values/ollama.minikube.yaml:1: fullnameOverride",
    "values/ollama.minikube.yaml:1: fooo",
    "values/librechat.minikube.yaml:1: image.registry",
    "values/librechat.minikube.yaml:1: service",
    "values/ollama.minikube.yaml:1: image.tag",
    "values/librechat.minikube.yaml:1: mongodb.networkPolicy.enabled",
    "fix it, or switch a rule off in environments/minikube.yaml with a reason, which every report shows: exemptions",
  ]);
  write("librechat", {});
  expect(failure(() => checkPlatform(loadSettings(sample.root, {})))).toContain(
    "values/config/librechat.yaml:7: cach: unknown key",
  );
});

describe.each(environments)("the platform in %s", (environment) => {
  const platform = platformOf(environment);
  const stacks = [platform.foundation, platform.llmApps];

  test("pins the providers exactly", () => {
    const kubernetes = { source: "kubernetes", version: "2.38.0" };
    expect(stacks.map(({ terraform }) => terraform.required_providers)).toEqual([
      { kubernetes },
      { helm: { source: "helm", version: "3.1.1" }, kubernetes },
    ]);
  });

  test("refuses a Terraform that would keep the credentials", () => {
    for (const { terraform } of stacks) expect(terraform).toMatchObject({ required_version: ">= 1.11.0" });
  });

  test("reads the state of no other stack", () => {
    for (const text of Object.values(textsOf(platform.outdir)))
      expect(text).not.toContain("terraform_remote_state");
  });

  test("names no place of this machine", () => {
    const places = [platform.root, repository, process.cwd()];
    for (const [file, text] of Object.entries(textsOf(platform.outdir))) {
      for (const place of places)
        expect({ file, found: text.includes(place) }).toEqual({ file, found: false });
    }
    for (const stack of stacks) {
      const { helm_release: releases = {}, ...resource } = stack.resource ?? {};
      // Values are the charts' business: an ingress has the path /.
      const rest = {
        ...stack,
        resource,
        releases: Object.values(releases).map((release) => ({ ...release, values: [] })),
      };
      expect(strings(rest).filter((text) => path.isAbsolute(text))).toEqual([]);
    }
  });

  test("is the same, byte for byte, wherever and whenever it is synthesized", () => {
    expect(textsOf(synthesizePlatform(environment).outdir)).toEqual(textsOf(platform.outdir));
  });
});

const home = { config_path: "~/.kube/config" };

test.each([
  ["minikube", { ...home, config_context: "minikube" }],
  ["minikube-cpu", { ...home, config_context: "minikube" }],
  ["sandbox", { config_path: "../../../.sandbox/kubeconfig", config_context: "sandbox" }],
  ["production", { ...home, config_context: "production" }],
])("every provider of %s is bound to its context by name", (environment, cluster) => {
  const { foundation, llmApps } = platformOf(environment);
  expect(foundation.provider).toEqual({ kubernetes: [cluster] });
  expect(llmApps.provider).toEqual({ kubernetes: [cluster], helm: [{ kubernetes: cluster }] });
});

const local = (environment: string) => (stack: string) => ({
  local: { path: `../../../state/${environment}/${stack}.tfstate` },
});

test.each([
  ["minikube", local("minikube")],
  ["minikube-cpu", local("minikube-cpu")],
  ["sandbox", local("sandbox")],
  [
    "production",
    (stack: string) => ({
      s3: {
        bucket: "example-terraform-state",
        region: "eu-central-1",
        key: `llm-platform/production/${stack}.tfstate`,
        encrypt: true,
        use_lockfile: true,
      },
    }),
  ],
])("each stack of %s keeps its own state", (environment, backend) => {
  const { foundation, llmApps } = platformOf(environment);
  expect(foundation.terraform.backend).toEqual(backend("foundation"));
  expect(llmApps.terraform.backend).toEqual(backend("llm-apps"));
});

test("a state in the cluster is in the cluster of the environment", () => {
  const sample = sampleRepository();
  sample.edit(
    "environments/minikube.yaml",
    "applications:",
    "state: { backend: kubernetes, namespace: terraform }\napplications:",
  );
  const { foundation, llmApps } = synthesizePlatform("minikube", { sample });
  const backend = (stack: string) => ({
    kubernetes: {
      ...home,
      config_context: "minikube",
      namespace: "terraform",
      secret_suffix: `llm-platform-minikube-${stack}`,
    },
  });
  expect(foundation.terraform.backend).toEqual(backend("foundation"));
  expect(llmApps.terraform.backend).toEqual(backend("llm-apps"));
});
