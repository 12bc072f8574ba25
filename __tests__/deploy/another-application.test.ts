import execa from "execa";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Clone, type KubernetesObject } from "../clone";
import { unwrapped } from "../printed";
import { family, killAll } from "../running-process";

// An application that the platform does not know, of a chart as Helm itself makes one, in the lines of the README: everything
// that the others have it has from the start. Each test begins where the one before it ended.
let clone: Clone;
/** Packages of charts: its own beside the locked ones. */
let charts: string;

jest.setTimeout(300_000);

const chart = { version: "0.1.0", repository: "https://charts.example.org" };
const sandbox = (...args: string[]): string[] => ["--environment", "sandbox", ...args];

async function run(name: string, ...args: string[]): Promise<string> {
  const { exitCode, output } = await clone.npm(name, [...args.slice(0, 1), ...sandbox(), ...args.slice(1)]);
  expect([exitCode, output]).toEqual([0, output]);
  return output;
}

/** Makes the package of a chart of `helm create`, whose pods take environment variables from a Secret, beside the others. */
async function packageChart(charts: string): Promise<void> {
  fs.cpSync(process.env.CHARTS_DIR ?? "", charts, { recursive: true });
  const helm = process.env.HELM ?? "helm";
  await execa(helm, ["create", "notes"], { cwd: charts });
  const deployment = path.join(charts, "notes/templates/deployment.yaml");
  const text = fs.readFileSync(deployment, "utf8");
  const ports = "          ports:\n";
  const environment = "          envFrom:\n            {{- toYaml .Values.envFrom | nindent 12 }}\n";
  fs.writeFileSync(deployment, text.replace(ports, `${environment}${ports}`));
  fs.appendFileSync(path.join(charts, "notes/values.yaml"), "\nenvFrom: []\n");
  await execa(helm, ["package", "notes"], { cwd: charts });
}

/** What a user writes: the lines that the unit tests count, and values. */
function writeApplication(): void {
  const fixture = fs.readFileSync(path.join(__dirname, "../fixtures/applications/notes.ts"), "utf8");
  fs.writeFileSync(clone.file("applications/notes.ts"), fixture.replaceAll("../../../applications/", "./"));
  clone.replace("applications/registry.ts", "[ollama, librechat]", "[ollama, librechat, notes]");
  clone.replace(
    "applications/registry.ts",
    'import { ollama } from "./ollama";\n',
    'import { notes } from "./notes";\nimport { ollama } from "./ollama";\n',
  );
  clone.replace(
    "charts/lock.yaml",
    "ollama:\n",
    `notes:\n  repository: ${chart.repository}\n  version: ${chart.version}\nollama:\n`,
  );
  fs.writeFileSync(
    clone.file("values/notes.yaml"),
    [
      "replicaCount: 1",
      "podSecurityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: RuntimeDefault } }",
      "securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }",
      "volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]",
      "volumeMounts: [{ name: data, mountPath: /data }]",
      "resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { memory: 128Mi } }",
      "",
    ].join("\n"),
  );
  clone.replace(
    "environments/sandbox.yaml",
    "  librechat:\n",
    "  notes:\n    ingress: { host: notes.sandbox.test }\n  librechat:\n    needs: [notes]\n",
  );
  // As in every environment but the sandbox's.
  clone.replace("environments/sandbox.yaml", "\nstorage:\n  onDestroy: delete\n", "");
}

const inNamespace = (kind: string): Promise<KubernetesObject[]> => clone.list(kind, "-n", "notes");

beforeAll(async () => {
  charts = fs.mkdtempSync(path.join(os.tmpdir(), "llm-platform-charts-"));
  await packageChart(charts);
  process.env.CHARTS_DIR = charts;
  clone = new Clone();
  writeApplication();
  const updated = await clone.npm("charts", ["update", "notes", chart.version]);
  expect([updated.exitCode, updated.output]).toEqual([0, updated.output]);
  await clone.commit("Add notes");
  await clone.npm("secrets", ["generate", ...sandbox()]);
  await clone.startCluster();
  expect(await run("deploy", "--yes")).toContain("deployed sandbox");
}, 600_000);

afterAll(async () => {
  await clone.remove();
  fs.rmSync(charts, { recursive: true, force: true });
});

test("is deployed before who needs it, exposed, and its pod has the claim and a credential of its own", async () => {
  expect(await clone.history("notes")).toMatchObject([{ revision: 1, status: "deployed" }]);
  const [pod] = await inNamespace("pods");
  expect(JSON.stringify(pod?.spec)).toContain('"persistentVolumeClaim":{"claimName":"data"}');
  expect(JSON.stringify(pod?.spec)).toContain('"envFrom":[{"secretRef":{"name":"notes-credentials-env"}}]');
  const { data = {} } = await clone.get("secret", "notes-credentials-env", "-n", "notes");
  expect(Object.keys(data)).toEqual(["NOTES_TOKEN"]);
  expect(Buffer.from(data.NOTES_TOKEN ?? "", "base64").toString()).toMatch(/^[0-9a-f]{64}$/);
  // And nobody else's pods have it.
  const elsewhere = await clone.list("secrets", "-n", "librechat");
  expect(elsewhere.filter(({ data: found = {} }) => "NOTES_TOKEN" in found)).toEqual([]);
  const [ingress] = await inNamespace("ingress");
  expect(JSON.stringify(ingress?.spec)).toContain('"host":"notes.sandbox.test"');
  const [claim] = await inNamespace("pvc");
  expect(claim).toMatchObject({ metadata: { name: "data" }, status: { phase: "Bound" } });
});

test("is reached from who needs it and the ingress controller, and from nowhere else", async () => {
  const policies = await inNamespace("networkpolicies");
  const web = { "app.kubernetes.io/name": "notes", "app.kubernetes.io/instance": "notes" };
  const from = (namespace: string, pods?: object) => ({
    podSelector: { matchLabels: web },
    policyTypes: ["Ingress"],
    ingress: [
      {
        from: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
            ...(pods && { podSelector: { matchLabels: pods } }),
          },
        ],
        ports: [{ port: 80, protocol: "TCP" }],
      },
    ],
  });
  const librechat = {
    "app.kubernetes.io/name": "librechat-librechat",
    "app.kubernetes.io/instance": "librechat",
  };
  expect(Object.fromEntries(policies.map(({ metadata, spec }) => [metadata.name, spec]))).toEqual({
    "default-deny": { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    dns: expect.objectContaining({ podSelector: {}, policyTypes: ["Egress"] }),
    "ingress-to-notes": from("ingress-nginx"),
    "librechat-to-notes": from("librechat", librechat),
  });
});

test("counts in a quota of its own, for doctor too, and verify asks it", async () => {
  const [quota] = await inNamespace("resourcequota");
  expect(quota).toMatchObject({
    spec: { hard: { "requests.storage": "20Gi", pods: "10" } },
    status: { used: { "requests.storage": "5Gi", pods: "1" } },
  });
  // Whatever it finds of the machine.
  const { output } = await clone.npm("doctor", sandbox());
  expect(output).toMatch(/^ {2}ok +quota of notes/m);
  const verified = await clone.npm("verify", sandbox("--json"));
  expect(JSON.parse(verified.output).checks ?? JSON.parse(verified.output)).toContainEqual(
    expect.objectContaining({ release: "notes", name: "notes /", result: "not checked" }),
  );
});

test("what somebody changed of it is drift, which is put back; what its values change is a diff", async () => {
  expect(await run("drift")).toMatch(/nothing drifted$/);
  await clone.kubectl("-n", "notes", "set", "image", "deployment/notes", "notes=nginx:1.17.0");
  const { exitCode, output } = await clone.npm("drift", sandbox());
  expect([exitCode, unwrapped(output)]).toEqual([
    2,
    expect.stringContaining(
      "Deployment/notes spec.template.spec.containers[notes].image: deployed nginx:1.16.0, live nginx:1.17.0",
    ),
  ]);
  await run("drift", "--fix", "--yes");
  expect(await run("drift")).toMatch(/nothing drifted$/);

  clone.replace("values/notes.yaml", "memory: 128Mi", "memory: 256Mi");
  const diff = await clone.npm("diff", sandbox());
  expect([diff.exitCode, diff.output]).toEqual([
    2,
    expect.stringMatching(/change Deployment\/notes \(\+1 -1\)/),
  ]);
  expect(diff.output).not.toMatch(/Deployment\/(ollama|librechat)/);
});

test("a rotated credential restarts its pods and no others", async () => {
  clone.replace("values/notes.yaml", "memory: 256Mi", "memory: 128Mi");
  const pods = async () =>
    (await clone.list("pods", "--all-namespaces"))
      .filter(({ metadata }) => !("deletionTimestamp" in metadata))
      .map(({ metadata }) => `${metadata.namespace} ${metadata.uid}`);
  const before = await pods();
  const output = await run("secrets", "rotate", "NOTES_TOKEN", "--yes");
  expect(output).toContain("NOTES_TOKEN: Secret/notes-credentials-env in the cluster has the new value");
  expect(output).toMatch(/made anew: notes-\S+$/);
  const made = (await pods()).filter((pod) => !before.includes(pod));
  expect(made).toEqual([expect.stringMatching(/^notes /)]);
});

test("is rolled back, and freed when its deploy was killed", async () => {
  clone.replace("values/notes.yaml", "replicaCount: 1", "replicaCount: 2");
  await clone.commit("Two pods of notes");
  await run("deploy", "--yes");
  await clone.kubectl("-n", "notes", "delete", "secret", "notes-credentials-env");
  const refused = await clone.npm("rollback", ["notes", ...sandbox("--yes")]);
  expect([refused.exitCode, refused.output]).toEqual([
    1,
    expect.stringContaining("whose pods read what is not in notes any more: notes-credentials-env"),
  ]);
  await run("drift", "--fix", "--yes");
  expect(await run("rollback", "notes", "--yes")).toContain("release notes is ready");
  const deployment = await clone.get("deployment", "notes", "-n", "notes");
  expect(deployment.spec).toMatchObject({ replicas: 1 });
  clone.replace("values/notes.yaml", "replicaCount: 2", "replicaCount: 1");

  // No node has this label: the pod stays pending until one has.
  fs.appendFileSync(clone.file("values/notes.yaml"), "nodeSelector: { held-by: nobody }\n");
  const deploying = clone.npmBegun("deploy", sandbox("--yes"));
  await clone.pending("notes");
  killAll(await family(deploying.pid));
  await deploying.ended();
  await clone.kubectl("label", "nodes", "--all", "held-by=nobody");
  expect(await run("unlock", "--yes")).toContain("notes");
  await run("deploy", "--yes", "--wait", "60s");
  expect((await clone.history("notes")).at(-1)).toMatchObject({ status: "deployed" });
  expect(await run("history", "notes")).toMatch(/rollback/);
});

test("is destroyed with its data kept, which the next deploy finds", async () => {
  const before = await clone.claims();
  expect(before["notes/data"]).toBeDefined();
  expect(await run("destroy", "--yes")).toContain("  notes/data");
  expect(await inNamespace("pods")).toEqual([]);
  expect(await clone.claims()).toEqual(before);
  await run("deploy", "--yes");
  expect(await clone.claims()).toEqual(before);
  expect(await clone.history("notes")).toMatchObject([{ revision: 1, status: "deployed" }]);
});
