import * as fs from "node:fs";
import * as path from "node:path";
import { nodeFolder } from "../../operations/testing/bring-node";
import { tested } from "../../operations/node-versions.json";
import { credentialFaults } from "../../settings/credentials";
import { credentials } from "../credentials";
import { Clone, type KubernetesObject, sentinels } from "../clone";
import { killAll } from "../running-process";
import { unwrapped } from "../printed";

// One platform through its life: each test begins where the one before it ended.
let clone: Clone;
const first = sentinels("a");
const second = { ...first, ...Object.fromEntries([Object.entries(sentinels("b"))[0]!]) };

const minutes = (count: number): number => count * 60_000;
jest.setTimeout(minutes(5));

// Not before: where the tier is skipped this file is still read, to count its tests.
beforeAll(() => {
  clone = new Clone();
});
afterAll(() => clone.remove());

async function pods(): Promise<KubernetesObject[]> {
  return [...(await clone.list("pods", "-n", "ollama")), ...(await clone.list("pods", "-n", "librechat"))];
}

function ready({ status }: KubernetesObject): boolean {
  return status.conditions?.some(({ type, status: met }) => type === "Ready" && met === "True") ?? false;
}

/** uid of the pods of a component, by name without the part that is made at random. */
async function uidOf(prefix: string): Promise<string> {
  const pod = (await pods()).find(({ metadata }) => metadata.name.startsWith(prefix));
  if (!pod) throw new Error(`no pod ${prefix}`);
  return pod.metadata.uid;
}

const deploy = (): Promise<{ exitCode: number; output: string }> =>
  clone.cdktf(["deploy", "*", "--auto-approve"]);

describe("a first deploy", () => {
  test("npm run up deploys both stacks and asks what was deployed: Ollama writes a completion", async () => {
    expect((await clone.npm("charts", ["update", "ollama", "1.42.0"])).exitCode).toBe(0);
    expect(credentialFaults(credentials, first)).toEqual([]);
    clone.writeCredentials(first);
    const { exitCode, output } = await clone.npm("up");
    expect(output).toMatch(/ollama 1\.42\.0 in ollama: deployed, revision 1/);
    expect(output).toMatch(/librechat 2\.0\.8 in librechat: deployed, revision 1/);
    expect(output).toMatch(/ ollama completion: tiny:latest, the smallest, wrote \d+ tokens/);
    expect(output).toMatch(/not checked +ollama gpu: the node is simulated/);
    expect(output).toMatch(/simulated +nodes, pods/);
    expect(output.replace(/\s+/g, " ")).toContain(" port-forward -n ollama svc/ollama 11434");
    expect(output).not.toContain("svc/librechat");
    expect(exitCode).toBe(0);
  });

  test("every pod is ready, the GPU's on the node that has one and the others on the one that has none", async () => {
    const all = await pods();
    expect(all.map(({ metadata }) => metadata.name.replace(/-[a-z0-9]+-[a-z0-9]{5}$/, "")).sort()).toEqual([
      "librechat-librechat",
      "librechat-meilisearch-0",
      "librechat-mongodb",
      "ollama",
    ]);
    expect(all.filter((pod) => !ready(pod)).map(({ metadata }) => metadata.name)).toEqual([]);
    expect(
      Object.fromEntries(
        all.map(({ metadata, spec }) => [metadata.name.split("-").slice(0, 2).join("-"), spec.nodeName]),
      ),
    ).toMatchObject({ "librechat-mongodb": "cpu-0", "librechat-librechat": "cpu-0" });
    expect(all.find(({ metadata }) => metadata.namespace === "ollama")?.spec.nodeName).toBe("gpu-0");
  });

  test("the doctor finds it fit, and reads all that there is", async () => {
    const { exitCode, output } = await clone.npm("doctor", ["--environment", "sandbox"]);
    expect(output).toMatch(/^sandbox is fit for a deploy: /m);
    expect(output).not.toContain("could not be");
    expect(output).toMatch(/^ {2}ok +quota of librechat: /m);
    expect(exitCode).toBe(0);
  });

  test("every claim is bound", async () => {
    const claims = await clone.list("pvc", "-A");
    expect(claims.map(({ metadata, status }) => `${metadata.name} ${status.phase}`).sort()).toEqual([
      "database Bound",
      "images Bound",
      "models Bound",
      "search Bound",
      "uploads Bound",
    ]);
  });

  test("the cluster has the credentials, and no file has: not the state, the synthesized output or a plan", async () => {
    const { data } = await clone.get("secret", "-n", "librechat", "librechat-credentials-env");
    expect(Object.keys(data ?? {}).sort()).toEqual([
      "CREDS_IV",
      "CREDS_KEY",
      "JWT_REFRESH_SECRET",
      "JWT_SECRET",
      "MEILI_MASTER_KEY",
      "MONGO_URI",
    ]);
    expect(Buffer.from(data?.JWT_SECRET ?? "", "base64").toString()).toBe(first.jwt_secret);
    for (const value of Object.values(first)) {
      expect(clone.filesWith(value)).toEqual([]);
      expect(clone.filesWith(Buffer.from(value).toString("base64"))).toEqual([]);
    }
  });

  test("a plan that is saved holds no credential either", async () => {
    const { output } = await clone.cdktf(["diff", "foundation"]);
    for (const value of Object.values(first)) {
      expect(output).not.toContain(value);
      expect(clone.filesWith(value)).toEqual([]);
    }
  });

  test("npm run deploy after npm run up changes nothing", async () => {
    const { exitCode, output } = await clone.npm("deploy", ["--environment", "sandbox", "--yes"]);
    expect(output).toContain("no changes: the cluster is as this configuration says");
    expect(exitCode).toBe(0);
    expect((await clone.history("ollama")).map(({ revision }) => revision)).toEqual([1]);
  });

  test("what is in the state of the releases, with what has models pulled and data saved, is at most 56 KB", () => {
    expect(fs.statSync(clone.file("state/sandbox/llm-apps.tfstate")).size).toBeLessThanOrEqual(56 * 1024);
  });
});

describe("plain cdktf", () => {
  // npm run deploy computes the revision of the credentials; here it is handed over, as the README says.
  const revision = async (): Promise<NodeJS.ProcessEnv> => ({
    TF_VAR_credentials_revision: (
      await clone.npm("secrets", ["revision", "--environment", "sandbox"])
    ).output.trim(),
  });

  test("cdktf diff sees no change after npm run up", async () => {
    for (const stack of ["foundation", "llm-apps"]) {
      const { exitCode, output } = await clone.cdktf(["diff", stack], await revision());
      expect(output).toContain("No changes.");
      expect(exitCode).toBe(0);
    }
  });

  // Terraform's init runs on the terminal that cdktf-cli opens, which is a program of the machine's own kind.
  describe.each(tested)("on node %s", (version) => {
    const folder = nodeFolder(version, process.env);
    (folder ? test : test.skip)("cdktf diff and deploy see no change", async () => {
      const variables = { ...(await revision()), PATH: [folder, process.env.PATH].join(path.delimiter) };
      expect((await clone.process("node", ["--version"], variables)).output).toBe(`v${version}`);
      const diff = await clone.cdktf(["diff", "llm-apps"], variables);
      expect(diff.output).toContain("No changes.");
      expect(diff.exitCode).toBe(0);
      const deployed = await clone.cdktf(["deploy", "foundation", "--auto-approve"], variables);
      expect(deployed.output).toContain("No changes.");
      expect(deployed.exitCode).toBe(0);
    });
  });

  test("an environment after another in the same directory finds its own state", async () => {
    expect((await clone.cdktf(["synth"], { ENVIRONMENT: "minikube-cpu" })).exitCode).toBe(0);
    const { output } = await clone.cdktf(["diff", "llm-apps"], await revision());
    expect(output).toContain("No changes.");
  });
});

describe("the lock of the providers", () => {
  test("gets its checksums with one command, here from a mirror, and a deploy goes on with them", async () => {
    const mirror = "cdktf.out/sandbox/stacks/llm-apps/.terraform/providers";
    // Terraform links what it finds in a mirror, and takes checksums of real directories alone.
    fs.cpSync(clone.file(mirror), clone.file("mirror"), { recursive: true, dereference: true });
    const platform = fs.readdirSync(clone.file("mirror/registry.terraform.io/hashicorp/helm/3.1.1"))[0] ?? "";
    const args = ["lock", "--fs-mirror", "mirror", "--platform", platform];
    const { exitCode, output } = await clone.npm("providers", args);
    expect([exitCode, output]).toEqual([
      0,
      "wrote the checksums of 1 platform to .terraform.lock.hcl: commit it",
    ]);
    expect(clone.read(".terraform.lock.hcl").match(/"h1:[\w+/]+=*"/g)).toHaveLength(2);
    expect((await clone.cdktf(["diff", "foundation"])).output).not.toContain("Incomplete lock file");
  });

  test("fails where the registry does not answer, and stays as it was", async () => {
    const before = clone.read(".terraform.lock.hcl");
    const { exitCode, output } = await clone.npm("providers", ["lock"], {
      HTTPS_PROXY: "http://127.0.0.1:1",
    });
    expect(exitCode).toBe(1);
    expect(output).toContain(".terraform.lock.hcl was not changed");
    expect(output).toContain("whatever mirror is configured: run this where it answers, or");
    expect(clone.read(".terraform.lock.hcl")).toBe(before);
  });
});

describe("an upgrade", () => {
  test("a chart's version is one command, and its diff shows one change", async () => {
    expect((await clone.npm("charts", ["update", "ollama", "1.77.0"])).exitCode).toBe(0);
    const { output } = await clone.cdktf(["diff", "llm-apps"], {
      TF_VAR_credentials_revision: (
        await clone.npm("secrets", ["revision", "--environment", "sandbox"])
      ).output.trim(),
    });
    expect(output).toMatch(/Plan:.* 0 to add, 1 to change, 0 to destroy/);
    expect(output).toMatch(/"1\.42\.0" -> "1\.77\.0"/);
  });

  test("it is deployed in place", async () => {
    const claim = await clone.get("pvc", "-n", "ollama", "models");
    const { exitCode } = await clone.npm("deploy", ["--environment", "sandbox", "--yes"]);
    expect(exitCode).toBe(0);
    expect((await clone.history("ollama")).at(-1)).toMatchObject({
      revision: 2,
      status: "deployed",
      chart: "ollama-1.77.0",
    });
    expect((await clone.history("librechat")).at(-1)).toMatchObject({ revision: 1 });
    // The models stay where they are.
    expect((await clone.get("pvc", "-n", "ollama", "models")).metadata.uid).toBe(claim.metadata.uid);
  });

  test("one model more is one line, and both applications learn of it", async () => {
    clone.replace("environments/sandbox.yaml", "models: [tiny]", "models: [tiny, second]");
    const { exitCode, output } = await clone.npm("up");
    expect(output).toContain("Plan: 0 to add, 2 to change, 0 to destroy");
    expect(exitCode).toBe(0);
    expect((await clone.get("configmap", "-n", "ollama", "ollama-models")).data?.pull).toBe(
      "tiny:latest\nsecond:latest\n",
    );
    const config = await clone.get("configmap", "-n", "librechat", "librechat-librechat-config");
    expect(config.data?.["librechat.yaml"]).toContain("second:latest");
  });

  test("going back is a revert and a deploy", async () => {
    clone.replace("environments/sandbox.yaml", "models: [tiny, second]", "models: [tiny]");
    expect((await clone.npm("deploy", ["--environment", "sandbox", "--yes"])).exitCode).toBe(0);
    expect(JSON.stringify(await clone.get("deployment", "-n", "ollama", "ollama"))).not.toContain("second");
  });

  test("going back with Helm holds until the next deploy, which says that it will undo it", async () => {
    await clone.helm("rollback", "ollama", "1", "--namespace", "ollama", "--wait");
    expect((await clone.history("ollama")).at(-1)).toMatchObject({
      chart: "ollama-1.42.0",
      status: "deployed",
    });
    const { output } = await clone.npm("deploy", ["--environment", "sandbox", "--yes"]);
    expect(output).toContain("ollama 1.42.0 → 1.77.0");
    expect((await clone.history("ollama")).at(-1)).toMatchObject({
      chart: "ollama-1.77.0",
      status: "deployed",
    });
  });
});

describe("a changed credential", () => {
  test("is rolled out by the next deploy, and the pods that use it restart alone", async () => {
    const before = await Promise.all(
      ["librechat-librechat", "librechat-meili", "librechat-mongo", "ollama"].map(uidOf),
    );
    clone.writeCredentials(second);
    const deploying = clone.npm("deploy", ["--environment", "sandbox", "--yes"]);
    const seen = await argumentsWhile(deploying);
    const { exitCode, output } = await deploying;
    expect(exitCode).toBe(0);
    // It was looked at long enough to see Terraform and a provider.
    expect(seen).toContain("terraform-provider-helm");
    for (const value of Object.values(second)) expect(seen).not.toContain(value);
    const { data } = await clone.get("secret", "-n", "librechat", "librechat-credentials-env");
    expect(Buffer.from(data?.JWT_SECRET ?? "", "base64").toString()).toBe(second.jwt_secret);
    const after = await Promise.all(
      ["librechat-librechat", "librechat-meili", "librechat-mongo", "ollama"].map(uidOf),
    );
    // The one that changed, JWT_SECRET, is LibreChat's alone.
    expect(after.map((uid, i) => uid !== before[i])).toEqual([true, false, false, false]);
    for (const value of Object.values(second)) {
      expect(output).not.toContain(value);
      expect(clone.filesWith(value)).toEqual([]);
    }
  });

  test("fails before anything is applied when one is malformed", async () => {
    const state = clone.read("state/sandbox/foundation.tfstate");
    clone.writeCredentials({ ...second, creds_iv: "not-hexadecimal-and-too-short" });
    const { exitCode, output } = await clone.npm("deploy", ["--environment", "sandbox", "--yes"]);
    expect(exitCode).toBe(1);
    expect(output).toContain("creds_iv: malformed, expected 32 hexadecimal digits, found 29 characters");
    expect(output).not.toContain("not-hexadecimal-and-too-short");

    const bare = await deploy();
    expect(bare.exitCode).not.toBe(0);
    expect(unwrapped(bare.output)).toContain("creds_iv is malformed: expected 32 hexadecimal digits");
    expect(bare.output).not.toContain("not-hexadecimal-and-too-short");
    expect(clone.read("state/sandbox/foundation.tfstate")).toBe(state);
    clone.writeCredentials(second);
  });
});

describe("faults", () => {
  test("fails a diff and a deploy while the API server is stopped, and claims and forgets nothing", async () => {
    const states = ["foundation", "llm-apps"].map((stack) => `state/sandbox/${stack}.tfstate`);
    const before = states.map((state) => clone.read(state));
    await clone.pauseCluster();
    const diff = await clone.cdktf(["diff", "llm-apps"]);
    expect(diff.exitCode).toBe(1);
    expect(diff.output).not.toMatch(/to add/);
    const deployed = await clone.npm("deploy", ["--environment", "sandbox", "--yes"]);
    expect(deployed.exitCode).toBe(1);
    expect(deployed.output).toContain(
      "nothing was changed: the API server of the context sandbox does not answer",
    );
    expect(deployed.output).not.toMatch(/to add/);
    expect(states.map((state) => clone.read(state))).toEqual(before);
    await clone.startCluster();
  });

  test("a release that is lost from the state is taken back without being installed anew", async () => {
    const uid = await uidOf("ollama");
    const directory = "cdktf.out/sandbox/stacks/llm-apps";
    const removed = await clone.process("terraform", [
      `-chdir=${directory}`,
      "state",
      "rm",
      "helm_release.ollama",
    ]);
    expect(removed.output).toContain("Successfully removed");
    const { exitCode } = await clone.npm("deploy", ["--environment", "sandbox", "--yes"]);
    expect(exitCode).toBe(0);
    expect(await uidOf("ollama")).toBe(uid);
    expect((await clone.npm("deploy", ["--environment", "sandbox", "--yes"])).output).toContain(
      "no changes:",
    );
  });

  test("fails where the provider is killed in the middle of an upgrade, leaves nothing pending, and the next deploy goes through", async () => {
    // No node has the label: the upgrade waits.
    clone.replace("values/ollama.yaml", "service:\n", "nodeSelector:\n  held: given-back\n\nservice:\n");
    const deploying = clone.npm("deploy", ["--environment", "sandbox", "--yes"]);
    await clone.pending("ollama");
    const providers = clone.processes("terraform-provider-helm");
    expect(providers).not.toEqual([]);
    killAll(providers);
    const killed = await deploying;
    expect(killed.exitCode).toBe(1);
    expect(killed.output).toContain("release ollama is marked failed: its pods were not waited for");
    expect((await clone.history("ollama")).at(-1)).toMatchObject({ status: "failed" });

    await clone.kubectl("label", "nodes", "--all", "held=given-back");
    expect((await clone.npm("deploy", ["--environment", "sandbox", "--yes"])).exitCode).toBe(0);
    expect((await clone.history("ollama")).at(-1)).toMatchObject({ status: "deployed" });
  });

  test("fails with the contexts that there are when the pinned one is not among them", async () => {
    clone.replace("environments/sandbox.yaml", "context: sandbox", "context: sandbx");
    const { exitCode, output } = await clone.npm("deploy", ["--environment", "sandbox", "--yes"]);
    expect(exitCode).toBe(1);
    expect(output).toContain(
      'environments/sandbox.yaml: cluster.context: .sandbox/kubeconfig has no context "sandbx", did you mean sandbox? (there are: sandbox)',
    );
    clone.replace("environments/sandbox.yaml", "context: sandbx", "context: sandbox");
  });
});

describe("the end", () => {
  test("npm run destroy leaves nothing behind", async () => {
    const { exitCode } = await clone.npm("destroy", ["--environment", "sandbox", "--yes"]);
    expect(exitCode).toBe(0);
    const namespaces = (await clone.list("namespaces")).map(({ metadata }) => metadata.name);
    expect(namespaces.filter((name) => ["ollama", "librechat"].includes(name))).toEqual([]);
    const classes = (await clone.list("priorityclasses")).map(({ metadata }) => metadata.name);
    expect(classes.filter((name) => name.includes("llm-platform"))).toEqual([]);
    expect(await clone.list("pvc", "-A")).toEqual([]);
    for (const stack of ["foundation", "llm-apps"]) {
      expect(JSON.parse(clone.read(`state/sandbox/${stack}.tfstate`))).toMatchObject({ resources: [] });
    }
  });

  test("the state can be kept in the cluster instead, with the pinned context", async () => {
    fs.appendFileSync(clone.file("environments/sandbox.yaml"), "\nstate:\n  backend: kubernetes\n");
    const deployed = await clone.cdktf(["deploy", "foundation", "--auto-approve"]);
    expect(deployed.exitCode).toBe(0);
    const secrets = (await clone.list("secrets", "-n", "default")).map(({ metadata }) => metadata.name);
    expect(secrets).toContain("tfstate-default-llm-platform-sandbox-foundation");
  });

  test("bare cdktf destroy keeps what guards a namespace as long as pods are there that mount a claim", async () => {
    const pod = {
      ...{ apiVersion: "v1", kind: "Pod", metadata: { name: "ending", namespace: "ollama" } },
      spec: {
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
        containers: [
          {
            ...{ name: "main", image: "registry.example/main:1.0" },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          },
        ],
        volumes: [{ name: "models", persistentVolumeClaim: { claimName: "models" } }],
      },
    };
    fs.writeFileSync(clone.file(".sandbox/pod.json"), JSON.stringify(pod));
    await clone.kubectl("create", "-f", clone.file(".sandbox/pod.json"));
    const where = ["--namespace", "ollama"];
    await clone.kubectl("wait", "pod/ending", ...where, "--for=condition=Ready", "--timeout=60s");
    const destroying = clone.cdktf(["destroy", "*", "--auto-approve"]);
    const deleted = "--for=jsonpath={.metadata.deletionTimestamp}";
    await clone.kubectl("wait", "pvc/models", ...where, deleted, "--timeout=120s");
    const guards = [
      await clone.get("networkpolicy", "default-deny", ...where),
      await clone.get("resourcequota", "quota", ...where),
    ];
    expect(guards.map(({ metadata }) => "deletionTimestamp" in metadata)).toEqual([false, false]);
    await clone.kubectl("delete", "pod", "ending", ...where);
    expect((await destroying).exitCode).toBe(0);
  });

  test("fails, with the sources and their settings, where providers and charts cannot be had", async () => {
    clone.replace("charts/lock.yaml", "https://helm.otwld.com", "https://charts.invalid");
    // A new working directory has no providers yet, and a proxy that is not there keeps the registry away.
    fs.rmSync(clone.file("cdktf.out"), { recursive: true });
    const { exitCode, output } = await clone.npm("up", [], {
      CHARTS_DIR: "",
      TF_CLI_CONFIG_FILE: clone.file("no-mirror.tfrc"),
      HTTPS_PROXY: "http://127.0.0.1:1",
    });
    expect(exitCode).toBe(1);
    expect(output).toContain("the sandbox runs, but nothing was deployed");
    expect(output).toMatch(/the registry of Terraform's providers .* did not answer/);
    expect(output).toContain("the repository of the chart ollama (https://charts.invalid) did not answer");
    expect(output).toContain("CHARTS_DIR");
    expect(output).toContain("TF_CLI_CONFIG_FILE");
  });

  test("npm run down takes the sandbox away", async () => {
    expect((await clone.npm("down")).exitCode).toBe(0);
    expect(fs.existsSync(clone.file(".sandbox"))).toBe(false);
  });
});

/** The arguments of every process of the machine that ran while some work was done. */
async function argumentsWhile(work: Promise<unknown>): Promise<string> {
  const seen = new Set<string>();
  const sampling = setInterval(() => {
    for (const pid of fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        seen.add(fs.readFileSync(`/proc/${pid}/cmdline`, "utf8"));
      } catch {
        // It has ended in the meantime.
      }
    }
  }, 200);
  try {
    await work;
  } finally {
    clearInterval(sampling);
  }
  return [...seen].join("\n");
}
