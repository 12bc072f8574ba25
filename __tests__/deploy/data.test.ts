import * as fs from "node:fs";
import { Clone, sentinels } from "../clone";
import { withNodesAway } from "../cluster/nodes-away";
import { withTaintedNodes } from "../cluster/tainted-nodes";
import { expectDocumented } from "../documented";
import type { RunningProcess } from "../running-process";
import { waitFor } from "../wait-for";

// One platform whose data outlives it, on the sandbox with the data of every other environment: kept. Each test begins where
// the one before it ended.
let clone: Clone;

jest.setTimeout(300_000);

const sandbox = (...args: string[]): string[] => ["--environment", "sandbox", ...args];
const deploy = () => clone.cdktf(["deploy", "*", "--auto-approve"]);

const wayOut = "terraform_data.npm_run_destroy_keeps_the_data_and_DELETE_DATA_sandbox_deletes_it";

let atFirst: { [claim: string]: string };

/** The claims that the pods of a namespace mount. */
async function mounted(namespace: string): Promise<string[]> {
  interface Volume {
    readonly persistentVolumeClaim?: { readonly claimName: string };
  }
  const pods = await clone.list("pods", "-n", namespace);
  return pods
    .flatMap(({ spec }) => (spec.volumes ?? []) as readonly Volume[])
    .flatMap(({ persistentVolumeClaim }) => (persistentVolumeClaim ? [persistentVolumeClaim.claimName] : []))
    .sort();
}

function stateOf(stack: string): string[] {
  const { resources } = JSON.parse(clone.read(`state/sandbox/${stack}.tfstate`)) as {
    resources: { mode: string; type: string; name: string }[];
  };
  return resources.filter(({ mode }) => mode === "managed").map(({ type, name }) => `${type}.${name}`);
}

async function names(kind: string, namespace: string): Promise<string[]> {
  return (await clone.list(kind, "-n", namespace)).map(({ metadata }) => metadata.name);
}

/** Without line breaks and Terraform's frame, which stand anywhere. */
const flat = (output: string): string => output.replace(/[│╷╵\s]+/g, " ");

beforeAll(async () => {
  clone = new Clone();
  clone.replace("environments/sandbox.yaml", "\nstorage:\n  onDestroy: delete\n", "");
  await clone.npm("secrets", ["generate", ...sandbox()]);
  await clone.startCluster();
});

afterAll(() => clone.remove());

test("a first install that fails leaves the claims, and the next deploy uses them", async () => {
  clone.timeOut("ollama", 5);
  expect((await withTaintedNodes(clone, deploy)).exitCode).toBe(1);
  expect((await clone.history("ollama")).at(-1)).toMatchObject({ revision: 1, status: "failed" });
  atFirst = await clone.claims();
  expect(Object.keys(atFirst).sort()).toEqual([
    "librechat/database",
    "librechat/images",
    "librechat/search",
    "librechat/uploads",
    "ollama/models",
  ]);

  clone.timeOut("ollama");
  const { exitCode, output } = await deploy();
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  expect(await clone.claims()).toEqual(atFirst);
  expect(await mounted("ollama")).toEqual(["models"]);
  expect(await mounted("librechat")).toEqual(["database", "images", "search", "uploads"]);
});

test("a pod that starts again has the models it had", async () => {
  const [before] = await clone.list("pods", "-n", "ollama");
  await clone.kubectl("delete", "pod", "-n", "ollama", before?.metadata.name ?? "");
  await waitFor("another pod is there", async () =>
    (await clone.list("pods", "-n", "ollama")).find(({ metadata }) => metadata.uid !== before?.metadata.uid),
  );
  expect(await mounted("ollama")).toEqual(["models"]);
  expect(await clone.claims()).toEqual(atFirst);
});

test("a release that is installed anew and a larger size leave the claim as it is", async () => {
  // The sandbox's volumes have room; that its StorageClass lets claims grow is what a real one says by itself.
  await clone.kubectl("patch", "storageclass", "standard", "--patch", '{"allowVolumeExpansion":true}');
  clone.replace("environments/sandbox.yaml", "models: 5Gi", "models: 6Gi");
  clone.replace(
    "environments/sandbox.yaml",
    "applications:",
    "exemptions: { open-release: nobody else is in this cluster }\napplications:",
  );
  await clone.helm("uninstall", "ollama", "--namespace", "ollama", "--wait");
  const diff = await clone.npm("diff", sandbox("--json"));
  const report = JSON.parse(diff.output) as {
    notes: string[];
    resources: { address: string; action: string }[];
  };
  expect(report.resources).toContainEqual(
    expect.objectContaining({
      address: "kubernetes_persistent_volume_claim_v1.ollama_models",
      action: "change",
    }),
  );
  expect(report.notes).toContain("the rule open-release is switched off: nobody else is in this cluster");
  const { exitCode, output } = await deploy();
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  expect(await clone.history("ollama")).toMatchObject([{ revision: 1, status: "deployed" }]);
  expect(await clone.claims()).toEqual(atFirst);
  expect(await mounted("ollama")).toEqual(["models"]);
  expect((await clone.get("pvc", "-n", "ollama", "models")).spec).toMatchObject({
    resources: { requests: { storage: "6Gi" } },
  });
});

test("fails, and loses nothing, where a claim would have to be replaced", async () => {
  clone.replace(
    "environments/sandbox.yaml",
    "\napplications:",
    "\nstorage: { className: fast }\napplications:",
  );
  const { exitCode, output } = await clone.npm("diff", sandbox());
  expect(exitCode).toBe(1);
  expect(flat(output)).toContain(
    "kubernetes_persistent_volume_claim_v1.ollama_models has lifecycle.prevent_destroy set",
  );
  expect(output).toContain(
    "ollama_models hold data, which sandbox keeps (storage.onDestroy in environments/sandbox.yaml), and this would delete it",
  );
  expectDocumented("claim-replaced", "npm run diff", output, clone.root);
  expect((await deploy()).exitCode).toBe(1);
  expect(await clone.claims()).toEqual(atFirst);
  clone.replace("environments/sandbox.yaml", "storage: { className: fast }\n", "");
});

test("npm run deploy fails where a claim would go, unless it is kept or given up", async () => {
  const values = clone.read("values/ollama.yaml");
  const claim = [
    "extraObjects:",
    "  - apiVersion: v1",
    "    kind: PersistentVolumeClaim",
    "    metadata: { name: of-the-chart }",
    "    spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }",
    "",
  ];
  fs.writeFileSync(clone.file("values/ollama.yaml"), `${values}${claim.join("\n")}`);
  // And one of the foundation, which an application has where it is wanted alone.
  const wanted = ["  librechat:\n", "  librechat:\n    storage: { backups: 1Gi }\n"] as const;
  clone.replace("environments/sandbox.yaml", ...wanted);
  const made = await clone.npm("deploy", sandbox("--yes"));
  expect([made.exitCode, made.exitCode === 0 ? "" : made.output]).toEqual([0, ""]);
  const { "ollama/of-the-chart": own, "librechat/backups": backups, ...others } = await clone.claims();
  expect(others).toEqual(atFirst);

  fs.writeFileSync(clone.file("values/ollama.yaml"), values);
  clone.replace("environments/sandbox.yaml", wanted[1], wanted[0]);
  const { exitCode, output } = await clone.npm("deploy", sandbox("--yes"));
  expect(exitCode).toBe(1);
  expect(output).toContain("nothing was deployed: data would be lost, which sandbox keeps");
  expect(output).toContain("PersistentVolumeClaim/of-the-chart in ollama is deleted, and with it its data");
  expect(output).toContain("PersistentVolumeClaim/backups in librechat is deleted, and with it its data");
  const still = await clone.claims();
  expect([still["ollama/of-the-chart"], still["librechat/backups"]]).toEqual([own, backups]);

  clone.replace("environments/sandbox.yaml", ...wanted);
  const keep = "helm.sh/resource-policy=keep";
  await clone.kubectl("annotate", "pvc", "of-the-chart", keep, "--namespace", "ollama");
  const kept = await clone.npm("deploy", sandbox("--yes"));
  expect([kept.exitCode, kept.exitCode === 0 ? "" : kept.output]).toEqual([0, ""]);
  expect((await clone.claims())["ollama/of-the-chart"]).toBe(own);
  await clone.kubectl("delete", "pvc", "of-the-chart", "--namespace", "ollama");

  clone.replace("environments/sandbox.yaml", wanted[1], wanted[0]);
  const given = await clone.npm("deploy", sandbox("--yes"), { DELETE_DATA: "sandbox" });
  expect([given.exitCode, given.exitCode === 0 ? "" : given.output]).toEqual([0, ""]);
  // The next one keeps what there is, as before.
  expect((await clone.npm("deploy", sandbox("--yes"))).exitCode).toBe(0);
  expect(await clone.claims()).toEqual(atFirst);
});

test("fails at the foundation where bare cdktf would delete the data, and says how to go on", async () => {
  const { exitCode, output } = await clone.cdktf(["destroy", "*", "--auto-approve"]);
  expect(exitCode).toBe(1);
  // CDKTF loses the end of what a Terraform that fails prints, at times: the address is there from the beginning.
  expect(output).toContain(`${wayOut}: Refreshing state`.replace(":", " (data-is-kept):"));
  const plan = await clone.process(
    "terraform",
    ["-chdir=cdktf.out/stacks/foundation", "plan", "-destroy", "-no-color"],
    Object.fromEntries(Object.entries(sentinels("d")).map(([name, value]) => [`TF_VAR_${name}`, value])),
  );
  expect(plan.output.match(/Error: .*/g)).toEqual(["Error: Instance cannot be destroyed"]);
  expect(flat(plan.output)).toContain(`Resource ${wayOut} has lifecycle.prevent_destroy set`);
  // Terraform's own message, with its frame.
  const message = /^.*Error: Instance cannot be destroyed[\s\S]*?-target\s+option\./m;
  const command = "terraform -chdir=cdktf.out/stacks/foundation plan -destroy";
  expectDocumented("cdktf-destroy", command, plan.output, clone.root, message);
  expect(stateOf("llm-apps")).toEqual([]);
  expect(await clone.claims()).toEqual(atFirst);
});

test("npm run destroy takes all but the data, needs no credentials, and the next deploy finds it", async () => {
  // What was edited since the last deploy, and would not even be planned, is no matter to it.
  clone.replace("environments/sandbox.yaml", "models: 6Gi", "models: 5Gi");
  const { exitCode, output } = await clone.npm("destroy", sandbox("--yes"));
  clone.replace("environments/sandbox.yaml", "models: 5Gi", "models: 6Gi");
  expect(exitCode).toBe(0);
  expect(await clone.claims()).toEqual(atFirst);
  const kept = [
    "kubernetes_namespace_v1.librechat",
    "kubernetes_namespace_v1.ollama",
    "kubernetes_persistent_volume_claim_v1.librechat_database",
    "kubernetes_persistent_volume_claim_v1.librechat_images",
    "kubernetes_persistent_volume_claim_v1.librechat_search",
    "kubernetes_persistent_volume_claim_v1.librechat_uploads",
    "kubernetes_persistent_volume_claim_v1.ollama_models",
    wayOut,
  ];
  expect(stateOf("foundation")).toEqual(kept);
  for (const kind of ["resourcequota", "secret", "rolebinding", "networkpolicy", "pods"]) {
    expect([kind, await clone.list(kind, "-n", "librechat")]).toEqual([kind, []]);
  }
  expect(output).toContain("ollama/models");
  expect(output).toContain("npm run destroy -- --environment sandbox --delete-data");
  expectDocumented("destroy", "npm run destroy -- --yes", output, clone.root, /^sandbox is gone[\s\S]*/m);

  expect((await deploy()).exitCode).toBe(0);
  expect(await clone.claims()).toEqual(atFirst);
  expect(await mounted("librechat")).toEqual(["database", "images", "search", "uploads"]);
});

test("fails where --delete-data is not confirmed by the environment's name, and --yes is no such answer", async () => {
  const unanswered = await clone.npm("destroy", sandbox("--yes", "--delete-data"));
  expect(unanswered.exitCode).toBe(1);
  expect(flat(unanswered.output)).toContain("--delete-data=sandbox");
  const wrong = await clone.npm("destroy", sandbox("--delete-data=minikube"));
  expect(wrong.exitCode).toBe(1);
  expect(wrong.output).toContain('expected the environment\'s name, sandbox, found "minikube"');
  expect(await clone.claims()).toEqual(atFirst);
});

test("npm run destroy with --delete-data and the name waits for pods before what guards them goes, and Ctrl-C ends that", async () => {
  const destroying = clone.npmBegun("destroy", deleting);
  // Pods of a node that is away are never said to have ended, and what guards them outlives them.
  await withNodesAway(
    clone,
    () => destroying.said("still stopping, and its node is away"),
    async () => {
      expect(destroying.output).toMatch(
        /^ollama: Pod\/ollama-\S+: still stopping, and its node is away: node \S+: Kubelet stopped/m,
      );
      expect(destroying.output).toContain("delete pod");
      expect(await names("networkpolicy", "ollama")).toContain("default-deny");
      expect(await names("pods", "ollama")).toHaveLength(1);
      destroying.signal("SIGINT");
      await expectInPart(destroying);
      expect(await names("networkpolicy", "ollama")).toContain("default-deny");
    },
  );
});

test("where Terraform is at work, Ctrl-C is passed on and waited for, and a second is refused; the next run goes on and leaves nothing behind", async () => {
  const claim = ["pvc/database", "--namespace", "librechat"];
  await clone.kubectl("patch", ...claim, "--patch", '{"metadata":{"finalizers":["tests.example/held"]}}');
  const held = clone.npmBegun("destroy", deleting);
  await clone.kubectl(
    ...["wait", ...claim, "--for=jsonpath={.metadata.deletionTimestamp}", "--timeout=120s"],
  );
  held.signal("SIGINT");
  await held.said("stopping: waiting for terraform");
  await waitFor("a second Ctrl-C is refused", () => {
    held.signal("SIGINT");
    return held.output.includes("refused: ");
  });
  await clone.kubectl("patch", ...claim, "--patch", '{"metadata":{"finalizers":null}}');
  await expectInPart(held);
  expect(clone.processes("terraform")).toEqual([]);
  const { exitCode, output } = await clone.npm("destroy", deleting);
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  expect(await clone.claims()).toEqual({});
  const namespaces = (await clone.list("namespaces")).map(({ metadata }) => metadata.name);
  expect(namespaces.filter((name) => ["ollama", "librechat"].includes(name))).toEqual([]);
  expect([stateOf("foundation"), stateOf("llm-apps")]).toEqual([[], []]);
});

const deleting = sandbox("--delete-data=sandbox");

/** It was interrupted, said so, and left the lock to the next. */
async function expectInPart(destroying: RunningProcess): Promise<void> {
  const { exitCode, output } = await destroying.ended();
  expect([exitCode, output]).toEqual([1, expect.stringContaining("sandbox is destroyed in part")]);
  expect(await clone.list("lease", "--namespace", "default")).toEqual([]);
}
