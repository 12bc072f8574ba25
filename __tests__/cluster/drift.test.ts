import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fieldOwners } from "../../operations/cluster/field-owner";
import { controllers } from "../../operations/cluster/known-managers";
import type { Clone } from "../clone";
import { expectDocumented } from "../documented";
import { cloneWithCluster, recordDeploy, release } from "./cluster";
import { unwrapped, wideLines } from "../printed";

jest.setTimeout(120_000);

let clone: Clone;

/** As a deploy does: what is released while the record runs was not made by hand. */
async function deployed(work: () => Promise<void>): Promise<void> {
  const startedAt = new Date().toISOString();
  await work();
  await recordDeploy(clone, 1, startedAt);
}

beforeAll(async () => {
  clone = await cloneWithCluster();
  await deployed(() => reset());
}, 600_000);
afterAll(() => clone.remove());

/** Deploys the chart with nothing but these arguments: without any, Helm takes those of the last time. */
const reset = (...args: string[]) => release(clone, "ollama", ["--reset-values", ...args]);

const drift = (...args: string[]) => clone.npm("drift", ["--environment", "sandbox", ...args]);

interface Report {
  readonly drifted: boolean;
  readonly parts: readonly { readonly name: string; readonly differences: readonly object[] }[];
  readonly byHand: readonly object[];
  readonly unknown?: readonly object[];
}

async function report(...args: string[]): Promise<Report> {
  const { exitCode, output } = await drift("--json", ...args);
  const parsed = JSON.parse(output) as Report;
  expect(exitCode).toBe(parsed.drifted ? 2 : 0);
  return parsed;
}

const differences = async () => (await report()).parts.flatMap((part) => part.differences);

/** Puts everything back, and expects that it says so and that nothing is left. */
async function fixed(): Promise<string> {
  const { exitCode, output } = await drift("--fix", "--yes");
  expect([exitCode, output]).toEqual([0, output]);
  expect(await differences()).toEqual([]);
  return output;
}

describe("a cluster as it was deployed", () => {
  it("says that nothing drifted, what it compared and what it could not", async () => {
    const { exitCode, output } = await drift();
    expect(output).toBe(
      [
        "environment   sandbox",
        "context       sandbox",
        "not checked   the foundation: its state is not here",
        "              (state/sandbox/foundation.tfstate): it was deployed from",
        "              elsewhere, or not at all",
        "not checked   release librechat: it is not deployed",
        "not checked   the credentials in librechat/librechat-credentials-env,",
        "              librechat/librechat-mongodb-credentials-env,",
        "              librechat/librechat-meilisearch-credentials-env: no revision of",
        "              them was deployed",
        "",
        "ollama (revision 1, echo 0.1.0): 3 objects, as deployed",
        "",
        "nothing drifted",
      ].join("\n"),
    );
    expect(exitCode).toBe(0);
  });
});

describe("an edit of the cluster", () => {
  it("is shown with its field and who made it, and put back by --fix alone", async () => {
    await clone.kubectl("--namespace", "ollama", "scale", "deployment/ollama", "--replicas", "3");
    await clone.kubectl(
      ...["--namespace", "ollama", "patch", "configmap/ollama", "--type", "merge"],
      ...["--patch", JSON.stringify({ data: { greeting: "bye" } })],
    );
    await clone.kubectl("--namespace", "ollama", "set", "env", "deployment/ollama", "DEBUG=1");
    await clone.kubectl("--namespace", "ollama", "delete", "service/ollama");
    expect(await differences()).toEqual([
      expect.objectContaining({
        object: "ConfigMap/ollama",
        field: "data.greeting",
        deployed: "hello",
        live: "bye",
      }),
      expect.objectContaining({ object: "Service/ollama", field: "" }),
      expect.objectContaining({ field: "spec.replicas", deployed: 1, live: 3, changedBy: "kubectl" }),
      expect.objectContaining({ live: [{ name: "DEBUG", value: "1" }], changedBy: "kubectl-set" }),
    ]);
    const markdown = clone.file("drift.md");
    const { output, exitCode } = await drift("--markdown", markdown);
    expect(exitCode).toBe(2);
    expect(output).toContain("   ~  Service/ollama is gone from the cluster\n");
    expect(output).toContain("put it back with: npm run drift -- --fix --environment sandbox");
    expectDocumented("drift", "npm run drift", output, clone.root);
    expect(wideLines(output)).toEqual([]);
    expect(fs.readFileSync(markdown, "utf8")).toContain("- `Service/ollama is gone from the cluster`\n");

    const unanswered = await drift("--fix");
    expect(unanswered.exitCode).toBe(1);
    expect(unanswered.output).toContain("put back what drifted in sandbox? nobody can answer here");
    expect(unanswered.output).not.toContain("put it back with");
    expect(await differences()).toHaveLength(4);

    const said = await fixed();
    expect(unwrapped(said)).toContain(
      "Deployment/ollama: 1 field put back, 1 field that somebody added taken away",
    );
    expect(said).toContain("   +  Service/ollama: made anew\n");
    const putBack = /^.*\+ {2}ConfigMap[\s\S]*|^put back[\s\S]*/m;
    expectDocumented("drift-fix", "npm run drift -- --fix --yes", said, clone.root, putBack);
    // Helm still knows its own, and an upgrade goes through.
    await deployed(() => reset());
    expect(await differences()).toEqual([]);
  });

  it("of a Secret is shown by a keyed hash, and put back", async () => {
    await deployed(() => reset("--set", "password=planted-in-the-manifest"));
    await clone.kubectl(
      ...["--namespace", "ollama", "patch", "secret/ollama", "--type", "merge"],
      ...["--patch", JSON.stringify({ stringData: { password: "planted-in-the-cluster" } })],
    );
    const { output, exitCode } = await drift();
    expect(exitCode).toBe(2);
    expect(unwrapped(output)).toMatch(
      /Secret\/ollama data\.password: deployed \(hidden \w{8}\), live \(hidden \w{8}\) \(set by kubectl-patch at /,
    );
    expect(output).not.toContain("planted");
    await fixed();
    const { data } = await clone.get("secret", "ollama", "--namespace", "ollama");
    expect(Buffer.from(data?.password ?? "", "base64").toString()).toBe("planted-in-the-manifest");
  });

  it("by an autoscaler is none: a controller owns the field", async () => {
    const autoscaler = [
      "--namespace",
      "ollama",
      "autoscale",
      "deployment/ollama",
      "--min",
      "2",
      "--max",
      "2",
    ];
    await clone.kubectl(...autoscaler);
    const scaled = ["--for=jsonpath={.spec.replicas}=2", "--timeout=90s"];
    await clone.kubectl("--namespace", "ollama", "wait", "deployment/ollama", ...scaled);
    expect(await differences()).toEqual([]);
    await clone.kubectl("--namespace", "ollama", "delete", "hpa/ollama");
    // A person's hand on the same field is drift.
    await clone.kubectl("--namespace", "ollama", "scale", "deployment/ollama", "--replicas", "4");
    expect(await differences()).toMatchObject([{ field: "spec.replicas", live: 4, changedBy: "kubectl" }]);
    await fixed();
  });
});

describe("what somebody added to what was deployed", () => {
  const kubectl = (...args: string[]) => clone.kubectl("--namespace", "ollama", ...args);
  const patch = (what: string, patch: object) => kubectl("patch", what, "--patch", JSON.stringify(patch));
  const pod = (spec: object) => ({ spec: { template: { spec } } });

  it("is shown with who added it, and taken away by --fix", async () => {
    const before = await clone.get("deployment", "ollama", "--namespace", "ollama");
    await kubectl("set", "env", "deployment/ollama", "DEBUG=1");
    await patch(
      "deployment/ollama",
      pod({
        containers: [{ name: "miner", image: "miner" }],
        initContainers: [{ name: "first", image: "first" }],
        nodeSelector: { "kubernetes.io/os": "linux" },
        hostNetwork: true,
      }),
    );
    const edited = await clone.process(
      process.env.KUBECTL ?? "kubectl",
      ["--kubeconfig", clone.file(".sandbox/kubeconfig"), "-n", "ollama", "edit", "deployment/ollama"],
      { KUBE_EDITOR: "sed -i s/terminationGracePeriodSeconds:.30/terminationGracePeriodSeconds:\\ 5/" },
    );
    expect([edited.exitCode, edited.output]).toEqual([0, edited.output]);
    await patch("service/ollama", { spec: { externalIPs: ["192.0.2.1"] } });
    await kubectl("annotate", "service/ollama", "example.com/open=0.0.0.0/0");
    await kubectl("label", "configmap/ollama", "example.com/empty=");
    await patch("configmap/ollama", { data: { extra: "" } });
    const applied = clone.file("applied.json");
    const template = { spec: { tolerations: [{ operator: "Exists" }] } };
    const metadata = { name: "ollama", namespace: "ollama" };
    const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { template } };
    fs.writeFileSync(applied, JSON.stringify(deployment));
    await kubectl("apply", "--server-side", "--field-manager", "somebody", "--filename", applied);

    const found = (await differences()) as { object: string; field: string; changedBy: string }[];
    const ofPods = "Deployment/ollama spec.template.spec";
    expect(found.map(({ object, field, changedBy }) => `${object} ${field} ${changedBy}`).sort()).toEqual([
      "ConfigMap/ollama data.extra kubectl-patch",
      'ConfigMap/ollama metadata.labels["example.com/empty"] kubectl-label',
      `${ofPods}.containers[echo].env kubectl-set`,
      `${ofPods}.containers[miner] kubectl-patch`,
      `${ofPods}.hostNetwork kubectl-patch`,
      `${ofPods}.initContainers kubectl-patch`,
      `${ofPods}.nodeSelector kubectl-patch`,
      `${ofPods}.terminationGracePeriodSeconds kubectl-edit`,
      `${ofPods}.tolerations somebody`,
      'Service/ollama metadata.annotations["example.com/open"] kubectl-annotate',
      "Service/ollama spec.externalIPs kubectl-patch",
    ]);
    expect(found.filter((one) => "deployed" in one)).toEqual([]);

    await fixed();
    const { spec } = await clone.get("deployment", "ollama", "--namespace", "ollama");
    expect(spec).toEqual(before.spec);
  });

  it("is found whoever somebody says they are, and however little is left of who set what", async () => {
    const revisions = await clone.list(
      "secrets",
      "-n",
      "ollama",
      "-l",
      "owner=helm",
      "--show-managed-fields",
    );
    const written = revisions
      .flatMap((secret) => fieldOwners({ ...secret, apiVersion: "v1", kind: "Secret" }))
      .map(({ time = "" }) => Date.parse(time));
    expect(written.length).toBeGreaterThan(0);
    // Times are whole seconds: what comes in that of the release counts as a part of it.
    await sleep(Math.max(0, Math.max(...written) + 1000 - Date.now()));
    const fields = {
      helm: { hostNetwork: true },
      "terraform-provider-helm_v3": { nodeSelector: { zone: "a" } },
      "llm-platform": { terminationGracePeriodSeconds: 5 },
      "kube-controller-manager": { tolerations: [{ operator: "Exists" }] },
    };
    for (const [name, spec] of Object.entries(fields)) {
      await kubectl(
        ...["patch", "deployment/ollama", "--field-manager", name],
        ...["--patch", JSON.stringify(pod(spec))],
      );
    }
    const found = (await differences()) as { field: string; changedBy: string }[];
    expect(found.map(({ field, changedBy }) => `${field} ${changedBy}`).sort()).toEqual([
      "spec.template.spec.hostNetwork helm",
      "spec.template.spec.nodeSelector terraform-provider-helm_v3",
      "spec.template.spec.terminationGracePeriodSeconds llm-platform",
      "spec.template.spec.tolerations kube-controller-manager",
    ]);
    await patch("configmap/ollama", { data: { extra: "1" } });
    const wiped = JSON.stringify([{ op: "replace", path: "/metadata/managedFields", value: [{}] }]);
    for (const object of ["configmap/ollama", "service/ollama"]) {
      await kubectl("patch", object, "--type", "json", "--patch", wiped);
    }
    expect((await differences()).slice(0, -4)).toMatchObject([{ field: "data.extra", live: "1" }]);
    await fixed();
    // The API server keeps owners from now on, and those who own the rest are not known any more.
    await kubectl("delete", "service/ollama", "configmap/ollama");
    await fixed();
  });

  it("is none where a controller added it, or it asks for a restart alone", async () => {
    await kubectl("rollout", "restart", "deployment/ollama");
    const names = controllers.map((name) => name.replace("*", "x"));
    // The API server tells ten apart.
    for (const some of [names.slice(0, 6), names.slice(6, 12), names.slice(12)]) {
      for (const name of some) {
        await kubectl("annotate", "service/ollama", `example.com/${name}=1`, "--field-manager", name);
      }
      expect(await differences()).toEqual([]);
      await kubectl("annotate", "service/ollama", ...some.map((name) => `example.com/${name}-`));
    }
  });

  it("is not known of an object that too many have changed or whose owners are gone, which is said", async () => {
    const names = Array.from({ length: 12 }, (_, i) => `somebody${i}`);
    for (const name of names) {
      await kubectl("annotate", "service/ollama", `example.com/${name}=1`, "--field-manager", name);
    }
    const wiped = [{ op: "replace", path: "/metadata/managedFields", value: [{}] }];
    await kubectl("patch", "configmap/ollama", "--type", "json", "--patch", JSON.stringify(wiped));
    const { output } = await drift();
    for (const object of ["Service/ollama", "ConfigMap/ollama"]) {
      expect(unwrapped(output)).toContain(
        `what was added to ${object} in ollama, but for what it runs, holds or lets through: the API server no longer says who set its fields`,
      );
    }
    await kubectl("delete", "service/ollama", "configmap/ollama");
    await fixed();
  });

  it("is told from the defaults of an object that somebody made anew", async () => {
    const made = clone.file("made.json");
    const deployment = await clone.get("deployment", "ollama", "--namespace", "ollama");
    fs.writeFileSync(made, JSON.stringify({ ...deployment, status: undefined }));
    await kubectl("replace", "--force", "--filename", made);
    expect(await differences()).toEqual([]);
    await patch("deployment/ollama", pod({ dnsPolicy: "Default" }));
    expect(await differences()).toMatchObject([{ field: "spec.template.spec.dnsPolicy", live: "Default" }]);
    await fixed();
  });
});

describe("what nobody here deployed", () => {
  it("is shown unless --no-unknown, and left by --fix", async () => {
    await clone.kubectl(
      "--namespace",
      "ollama",
      "create",
      "deployment",
      "debug",
      "--image",
      "registry.example/sh:1",
    );
    expect((await report("--no-unknown")).drifted).toBe(false);
    expect((await report()).unknown).toEqual([
      expect.objectContaining({ object: "Deployment/debug", namespace: "ollama", madeBy: "kubectl-create" }),
    ]);
    const { exitCode, output } = await drift("--fix", "--yes");
    expect(exitCode).toBe(2);
    // It asks for no leave to put back what it leaves.
    expect(output).toContain("what is unknown stays: take it away with kubectl");
    expect(output).not.toContain("put ");
    await clone.kubectl("--namespace", "ollama", "scale", "deployment/ollama", "--replicas", "3");
    const mixed = await drift("--fix", "--yes");
    expect(mixed.exitCode).toBe(2);
    expect(mixed.output).toContain(
      "left as it is\n   !  Deployment/debug: nobody here knows whether it is needed",
    );
    const expected = "\ndrift: { expected: [Deployment/debug] }\n";
    fs.appendFileSync(clone.file("environments/sandbox.yaml"), expected);
    expect((await report()).drifted).toBe(false);
    clone.replace("environments/sandbox.yaml", expected, "");
    await clone.kubectl("--namespace", "ollama", "delete", "deployment/debug");
  });

  it("is shown where it concerns the namespaces from outside, with what it does there", async () => {
    const subject = (name: string, namespace: string) => ({ kind: "ServiceAccount", name, namespace });
    const rbac = { apiVersion: "rbac.authorization.k8s.io/v1" };
    const roleRef = (name: string) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name });
    const group = { apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "system:serviceaccounts" };
    const webhook = (name: string, namespaceSelector: object) => ({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingWebhookConfiguration",
      metadata: { name },
      webhooks: [
        {
          name: `${name}.example.com`,
          admissionReviewVersions: ["v1"],
          sideEffects: "None",
          failurePolicy: "Ignore",
          clientConfig: { url: "https://127.0.0.1:1/" },
          namespaceSelector,
          rules: [{ apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], operations: ["CREATE"] }],
        },
      ],
    });
    const named = (operator: string) => ({
      matchExpressions: [{ key: "kubernetes.io/metadata.name", operator, values: ["ollama"] }],
    });
    const items = [
      {
        ...rbac,
        kind: "ClusterRoleBinding",
        metadata: { name: "all" },
        roleRef: roleRef("view"),
        subjects: [group],
      },
      {
        ...rbac,
        kind: "ClusterRoleBinding",
        metadata: { name: "one" },
        roleRef: roleRef("cluster-admin"),
        subjects: [subject("default", "ollama")],
      },
      {
        ...rbac,
        kind: "ClusterRoleBinding",
        metadata: { name: "other" },
        roleRef: roleRef("cluster-admin"),
        subjects: [subject("default", "elsewhere")],
      },
      {
        ...rbac,
        kind: "RoleBinding",
        metadata: { name: "away", namespace: "kube-system" },
        roleRef: roleRef("edit"),
        subjects: [subject("ollama", "ollama")],
      },
      webhook("inject", named("In")),
      webhook("spare", named("NotIn")),
      {
        apiVersion: "v1",
        kind: "ResourceQuota",
        metadata: { name: "q", namespace: "ollama" },
        spec: { hard: { pods: "50" } },
      },
    ];
    const file = clone.file("outside.json");
    fs.writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    await clone.kubectl("create", "--filename", file);
    // One that is the cluster's own, and gives more than it did.
    const add = [{ op: "add", path: "/subjects/-", value: subject("second", "ollama") }];
    await clone.kubectl(
      "patch",
      "clusterrolebinding/cluster-admin",
      "--type",
      "json",
      "--patch",
      JSON.stringify(add),
    );

    const { output, exitCode } = await drift();
    expect(exitCode).toBe(2);
    const unknown = unwrapped(output.slice(output.indexOf("\nunknown\n")));
    expect(
      [...unknown.matchAll(/\? (\S.*?): nobody deployed it \((\S+ by \S+) at /g)].map(
        ([, ...found]) => found,
      ),
    ).toEqual([
      ["ResourceQuota/q in ollama", "made by kubectl-create"],
      ["ClusterRoleBinding/all gives pods of ollama the ClusterRole view", "set by kubectl-create"],
      [
        "ClusterRoleBinding/cluster-admin gives pods of ollama the ClusterRole cluster-admin",
        "set by kubectl-patch",
      ],
      ["ClusterRoleBinding/one gives pods of ollama the ClusterRole cluster-admin", "set by kubectl-create"],
      ["RoleBinding/away gives pods of ollama the ClusterRole edit in kube-system", "set by kubectl-create"],
      [
        "MutatingWebhookConfiguration/inject has a say in what is made or changed in ollama",
        "set by kubectl-create",
      ],
    ]);
    expectDocumented("drift-unknown", "npm run drift", output, clone.root, /^unknown[\s\S]*/m);
    await clone.kubectl("delete", "--filename", file);
    const remove = [{ op: "remove", path: "/subjects/1" }];
    await clone.kubectl(
      "patch",
      "clusterrolebinding/cluster-admin",
      "--type",
      "json",
      "--patch",
      JSON.stringify(remove),
    );
    expect((await report()).drifted).toBe(false);
  });
});

describe("a revision that was made by hand", () => {
  it("is shown with the program that made it, and rolled back by --fix", async () => {
    const before = (await clone.history("ollama")).at(-1)?.revision ?? 0;
    await reset("--set", "greeting=hi");
    const { byHand } = await report();
    expect(byHand).toEqual([
      expect.objectContaining({
        release: "ollama",
        revision: before + 1,
        status: "deployed",
        madeBy: "Helm",
      }),
    ]);
    const said = await fixed();
    expect(said).toContain(`   +  release ollama: rolled back to revision ${before}`);
    const { data } = await clone.get("configmap", "ollama", "--namespace", "ollama");
    expect(data?.greeting).toBe("hello");
    // The rollback of --fix is recorded, and no hand's work.
    expect((await report()).byHand).toEqual([]);
  });
});

describe("a cluster that does not answer", () => {
  it("fails, and says nothing of drift", async () => {
    clone.replace(".sandbox/kubeconfig", "server: https://127.0.0.1:", "server: https://127.0.0.2:");
    const { exitCode, output } = await drift();
    clone.replace(".sandbox/kubeconfig", "server: https://127.0.0.2:", "server: https://127.0.0.1:");
    expect(exitCode).toBe(1);
    expect(output).toMatch(
      /^nothing is known of drift: the API server of the context sandbox does not answer: /,
    );
  });
});
