import { App } from "cdktf";
import * as fs from "node:fs";
import * as path from "node:path";
import { loadSettings } from "../../../applications/load-settings";
import { planOf } from "../../../operations/doctor/plan";
import { platformRows } from "../../../operations/platform/platform-table";
import { verify } from "../../../operations/verify/verify";
import { schemaFiles } from "../../../operations/schemas/schemas";
import type { Contract } from "../../../contracts/contract";
import { contractText } from "../../../contracts/contract-file";
import type { JsonSchema } from "../../../settings/json-schema";
import { buildPlatform, checkPlatform } from "../../../stacks/platform";
import { failure } from "../failure";
import { repository, type SampleRepository, sampleRepository } from "../sample-repository";
import { readConfiguration } from "../synthesize";

// The registry with one application more, which is a line of it.
jest.mock("../../../applications/registry", () => ({
  applications: [
    ...jest.requireActual<{ applications: unknown[] }>("../../../applications/registry").applications,
    jest.requireActual<{ notes: unknown }>("../../fixtures/applications/notes").notes,
    {
      ...jest.requireActual<{ notes: object }>("../../fixtures/applications/notes").notes,
      name: "silent",
      chart: "notes",
      questions: undefined,
    },
  ],
}));

// No cluster is asked here, and its client is one of the modules that jest does not load.
jest.mock("../../../operations/releases/backend", () => ({}));

const lockLines = `
notes:
  repository: https://charts.example.org
  version: 1.2.0
`.trim();

const contract: Contract = {
  name: "notes",
  version: "1.2.0",
  appVersion: "1.2.0",
  keys: {
    replicaCount: { type: "number", default: 1 },
    envFrom: { type: "list" },
    podAnnotations: { type: "map", open: true },
    ingress: { type: "map", open: true },
  },
};

/** The environment minikube with one more application, which LibreChat reaches, and that has an ingress. */
function sampleWithNotes(): SampleRepository {
  const sample = sampleRepository();
  sample.edit("charts/lock.yaml", "ollama:\n", `${lockLines}\nollama:\n`);
  sample.write("values/notes.yaml", "replicaCount: 1 # one is enough\n");
  // What npm run charts -- update notes 1.2.0 makes.
  sample.write("charts/notes-1.2.0.json", contractText(contract));
  sample.edit(
    "environments/minikube.yaml",
    "  librechat:\n",
    "  notes:\n    ingress: { host: notes.test }\n  librechat:\n    needs: [notes]\n",
  );
  return sample;
}

test("an application of any chart is at most 15 lines beside its values", () => {
  const source = fs.readFileSync(path.join(repository, "__tests__/fixtures/applications/notes.ts"), "utf8");
  const [, lines = ""] = /\/\/ <lines>\n([\s\S]*?)\n\/\/ <\/lines>/.exec(source) ?? [];
  // And one line in applications/registry.ts.
  expect([...lines.split("\n"), ...lockLines.split("\n"), "registry"].length).toBeLessThanOrEqual(15);
});

test("editors know its settings and its values", () => {
  const text = (name: string) =>
    schemaFiles(sampleWithNotes().root).find(({ file }) => file === `schemas/${name}.json`)?.text ?? "{}";
  const { properties, definitions } = JSON.parse(text("environment")) as JsonSchema;
  expect(Object.keys(properties?.applications?.properties ?? {})).toEqual([
    "ollama",
    "librechat",
    "notes",
    "silent",
  ]);
  expect(definitions?.notes?.properties?.storage?.properties).toHaveProperty("data.default", "5Gi");
  expect((JSON.parse(text("notes-values")) as JsonSchema).properties).toHaveProperty(
    "replicaCount.default",
    1,
  );
});

test("those lines make all that the others have: namespace, quota, claim, policies, ingress, order, release", () => {
  const { root } = sampleWithNotes();
  const outdir = path.join(root, "cdktf.out");
  const app = new App({ outdir });
  const settings = loadSettings(root, {});
  buildPlatform(app, settings);
  app.synth();

  const { resource: foundation = {}, output = {} } = readConfiguration(outdir, "foundation");
  const named = (type: string, name: string) =>
    Object.values(foundation[type] ?? {}).find(({ metadata }) => {
      const found = metadata as { name: string; namespace?: string };
      return found.name === name && (found.namespace ?? "notes") === "notes";
    });
  expect(named("kubernetes_namespace_v1", "notes")).toMatchObject({ lifecycle: { prevent_destroy: true } });
  expect(named("kubernetes_resource_quota_v1", "quota")).toMatchObject({
    spec: { hard: { "requests.storage": "20Gi", pods: "10" } },
  });
  expect(named("kubernetes_persistent_volume_claim_v1", "data")).toMatchObject({
    spec: { resources: { requests: { storage: "5Gi" } } },
    lifecycle: { prevent_destroy: true },
  });
  const policies = Object.values(foundation.kubernetes_network_policy_v1 ?? {})
    .map(({ metadata }) => metadata as { name: string; namespace: string })
    .filter(({ namespace }) => namespace === "notes");
  expect(policies.map(({ name }) => name).sort()).toEqual([
    "default-deny",
    "dns",
    "ingress-to-notes",
    "librechat-to-notes",
  ]);
  expect(output.namespaces).toEqual({ value: ["ollama", "notes", "librechat"] });

  const llmApps = readConfiguration(outdir, "llm-apps");
  expect(llmApps.resource?.helm_release?.notes).toMatchObject({
    chart: "notes",
    name: "notes",
    namespace: "notes",
    version: "1.2.0",
    timeout: 600,
    values: [
      {
        replicaCount: 1,
        envFrom: [{ secretRef: { name: "notes-credentials-env" } }],
        ingress: { enabled: true, hosts: [{ host: "notes.test" }] },
      },
      {
        podAnnotations: {
          "llm-platform/credentials-revision": "${try(var.credentials_revision.notes_web, 1)}",
        },
      },
    ],
  });
  expect(llmApps.resource?.helm_release?.librechat?.depends_on).toEqual([
    "data.kubernetes_namespace_v1.reachable",
    "helm_release.ollama",
    "helm_release.notes",
  ]);
  expect(llmApps.output).toMatchObject({ notes_url: { value: "http://notes.test" } });
});

test("doctor counts it, and npm start shows it", () => {
  const settings = loadSettings(sampleWithNotes().root, {});
  expect(planOf(settings).namespaces).toEqual(["ollama", "notes", "librechat"]);
  const rows = Object.fromEntries(platformRows(settings));
  expect(rows.order).toEqual(["foundation → llm-apps (ollama, notes → librechat)"]);
  expect(rows.storage).toContain("notes: data 5Gi");
  expect(rows.exposed).toContain("Notes: everybody who reaches nginx");
});

test("verify asks it nothing until it says what, and says so", async () => {
  const { environment, root } = loadSettings(sampleWithNotes().root, {});
  expect(await verify({ root, environment: { ...environment, applications: { silent: {} } } })).toEqual([
    {
      release: "silent",
      name: "silent",
      result: "not checked",
      found: "it is asked nothing: applications/silent.ts has no questions",
    },
  ]);
});

test("fails where the chart has no contract, and says what makes one", () => {
  const sample = sampleWithNotes();
  sample.remove("charts/notes-1.2.0.json");
  expect(failure(() => checkPlatform(loadSettings(sample.root, {})))).toBe(
    "charts/notes-1.2.0.json: no such file: the values of notes 1.2.0 cannot be checked; make it with: npm run charts -- update notes 1.2.0",
  );
});
