import * as fs from "node:fs";
import * as path from "node:path";
import { Clone } from "../clone";

// A platform that was deployed before this program knew what it knows today: fixtures/deployed-before holds what was
// synthesized for the sandbox when documents that users upload had no claim yet. Ollama is in a namespace of another name, whose
// resources were called after the release then.
let clone: Clone;

jest.setTimeout(300_000);

const sandbox = (...args: string[]): string[] => ["--environment", "sandbox", ...args];

/** Deploys a stack as Terraform did then, with chart packages in the place of the charts' repositories. */
async function deployBefore(stack: string): Promise<void> {
  const fixture = path.join(__dirname, `../fixtures/deployed-before/${stack}.tf.json`);
  const text = fs
    .readFileSync(fixture, "utf8")
    .replaceAll('"namespace": "ollama"', '"namespace": "models"')
    .replaceAll(/"name": "ollama"(?=\s*\})/g, '"name": "models"');
  const configuration = JSON.parse(text) as {
    resource: { helm_release?: { [name: string]: { repository?: string; chart: string; version: string } } };
  };
  for (const release of Object.values(configuration.resource.helm_release ?? {})) {
    delete release.repository;
    release.chart = path.join(process.env.CHARTS_DIR ?? "", `${release.chart}-${release.version}.tgz`);
  }
  const directory = clone.file(`cdktf.out/sandbox/stacks/${stack}`);
  fs.mkdirSync(directory, { recursive: true });
  fs.writeFileSync(path.join(directory, "cdk.tf.json"), JSON.stringify(configuration));
  for (const args of [["init"], ["apply", "-auto-approve"]]) {
    const { exitCode, output } = await clone.process(
      "terraform",
      [`-chdir=${directory}`, ...args, "-no-color"],
      {
        ...clone.credentialVariables(),
        TF_VAR_credentials_revision: "1",
      },
    );
    expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  }
}

beforeAll(async () => {
  clone = new Clone();
  // Its environment is the one of then, whose MongoDB asks nobody for a password.
  clone.replace("environments/sandbox.yaml", "    mongodb: { authentication: true }\n", "");
  clone.replace("environments/sandbox.yaml", "  ollama:\n", "  ollama:\n    namespace: models\n");
  await clone.npm("secrets", ["generate", ...sandbox()]);
  await clone.startCluster();
  await deployBefore("foundation");
  await deployBefore("llm-apps");
});

afterAll(() => clone.remove());

test("a platform from before gets the claim of the documents, and loses and replaces nothing", async () => {
  const before = await clone.claims();
  expect(Object.keys(before).sort()).toEqual([
    "librechat/database",
    "librechat/images",
    "librechat/search",
    "models/models",
  ]);

  const diff = await clone.npm("diff", sandbox("--json"));
  const { resources, warnings } = JSON.parse(diff.output) as {
    resources: { address: string; action: string }[];
    warnings: object[];
  };
  expect(
    resources.filter(({ action }) => action !== "change").map(({ address, action }) => [action, address]),
  ).toEqual([
    // What pods may reach, which was everything.
    ["add", "kubernetes_network_policy_v1.librechat_dns_53C87D19"],
    ["add", expect.stringMatching(/^kubernetes_network_policy_v1\.librechat_librechat-backup-egress_/)],
    ["add", expect.stringMatching(/^kubernetes_network_policy_v1\.librechat_librechat-backup-to-mongodb_/)],
    ["add", "kubernetes_network_policy_v1.librechat_librechat-egress_D7E4A1F4"],
    ["add", expect.stringMatching(/^kubernetes_network_policy_v1\.models_dns_/)],
    ["add", expect.stringMatching(/^kubernetes_network_policy_v1\.models_ollama-egress_/)],
    // What has its models pulled asks their server.
    ["add", expect.stringMatching(/^kubernetes_network_policy_v1\.models_ollama-models-egress_/)],
    ["add", "kubernetes_network_policy_v1.models_ollama-models-to-api_B40F1EB1"],
    ["add", "kubernetes_persistent_volume_claim_v1.librechat_uploads"],
    // The Secret that it had keeps its place, and LibreChat alone reads it.
    ["add", "kubernetes_secret_v1.credentials_librechat_meilisearch"],
    ["destroy", "output.credentials_secret"],
  ]);

  const bare = await clone.cdktf(["diff", "foundation"]);
  expect([bare.exitCode, bare.output.match(/Plan: .*/)?.[0]]).toEqual([
    0,
    // Both quotas count claims of devices from now on, in their place; both namespaces let root in and pods out no more, and
    // limit disk.
    "Plan: 10 to add, 8 to change, 0 to destroy.",
  ]);
  expect(warnings).toContainEqual({
    kind: "network-policy",
    text: "NetworkPolicy/default-deny in librechat: now closes Egress: what no other policy names is not reached any more",
  });
  expect(warnings).toContainEqual({
    kind: "hand-over",
    text: expect.stringMatching(/^release ollama: what is in the claim models may be root's/),
  });

  const deployed = await clone.npm("deploy", sandbox("--yes"));
  expect([deployed.exitCode, deployed.exitCode === 0 ? "" : deployed.output]).toEqual([0, ""]);
  expect(deployed.output).toContain("ollama: what is in the claim models belongs to user 1000");
  expect(await clone.list("jobs", "--all-namespaces")).toEqual([]);
  const { spec, status } = await clone.get("deployment", "ollama", "--namespace", "models");
  expect([spec.replicas, (status as { readyReplicas?: number }).readyReplicas]).toEqual([1, 1]);
  const { "librechat/uploads": uploads, ...others } = await clone.claims();
  expect(uploads).toBeDefined();
  expect(others).toEqual(before);
  expect((await clone.history("librechat")).map(({ status }) => status)).toEqual(["superseded", "deployed"]);
});

test("what somebody opened to root is handed over before it is closed again, and its pods come back", async () => {
  const level = "pod-security.kubernetes.io/enforce";
  await clone.kubectl("label", "namespace", "models", `${level}=baseline`, "--overwrite");
  const deployed = await clone.npm("deploy", sandbox("--yes"));
  expect([deployed.exitCode, deployed.exitCode === 0 ? "" : deployed.output]).toEqual([0, ""]);
  expect(deployed.output).toContain("ollama: what is in the claim models belongs to user 1000");
  const { metadata } = await clone.get("namespace", "models");
  expect(metadata.labels?.[level]).toBe("restricted");
  const deployment = ["deployment/ollama", "--namespace", "models"];
  await clone.kubectl("wait", "--for=jsonpath={.status.readyReplicas}=1", ...deployment, "--timeout=60s");
});

test("its MongoDB goes on without a password, of which every diff reminds, and moving over is warned about", async () => {
  const asItIs = await clone.npm("diff", sandbox("--json"));
  expect(JSON.parse(asItIs.output).notes).toEqual([
    expect.stringMatching(/^release librechat: its MongoDB asks nobody for a password/),
    expect.stringContaining('found "bitnamilegacy/mongodb", an archive'),
  ]);
  clone.replace(
    "environments/sandbox.yaml",
    "  librechat:\n",
    "  librechat:\n    mongodb: { authentication: true }\n",
  );
  await clone.npm("secrets", ["generate", ...sandbox()]);
  const { warnings } = JSON.parse((await clone.npm("diff", sandbox("--json"))).output);
  expect(warnings).toContainEqual({
    kind: "step-before",
    text: expect.stringMatching(/^release librechat: its MongoDB was deployed without users/),
  });
});
