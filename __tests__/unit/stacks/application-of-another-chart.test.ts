import { App } from "cdktf";
import * as fs from "node:fs";
import * as path from "node:path";
import { loadSettings } from "../../../settings/load-settings";
import { failure } from "../failure";
import { sampleRepository } from "../sample-repository";
import { readConfiguration } from "../synthesize";
import { FoundationWithAnother, LlmAppsWithAnother, lockLines } from "./application-of-another-chart";

test("an application of any chart is a values file and at most 15 lines", () => {
  const source = fs.readFileSync(path.join(__dirname, "application-of-another-chart.ts"), "utf8");
  const marked = [...source.matchAll(/\/\/ <lines>\n([\s\S]*?)\n *\/\/ <\/lines>/g)].map(
    ([, lines = ""]) => lines,
  );
  expect(marked).toHaveLength(2);
  expect([...marked, lockLines].join("\n").split("\n").length).toBeLessThanOrEqual(15);
});

const contract = {
  name: "qdrant",
  version: "1.15.4",
  appVersion: "v1.15.4",
  keys: { replicaCount: { type: "number", default: 1 } },
};

test("fails where the chart has no contract, and says what makes one", () => {
  const sample = sampleRepository();
  sample.edit("charts/lock.yaml", "ollama:\n", `${lockLines}\nollama:\n`);
  sample.write("values/qdrant.yaml", "replicaCount: 1\n");
  const app = new App({ outdir: path.join(sample.root, "cdktf.out") });
  const settings = loadSettings(sample.root, {});
  expect(failure(() => new LlmAppsWithAnother(app, "llm-apps", settings))).toBe(
    "charts/qdrant-1.15.4.json: no such file: the values of qdrant 1.15.4 cannot be checked; make it with: npm run charts -- update qdrant 1.15.4",
  );
});

test("those lines make a namespace with its policies and a release as safe as the others", () => {
  const sample = sampleRepository();
  sample.edit("charts/lock.yaml", "ollama:\n", `${lockLines}\nollama:\n`);
  sample.write("values/qdrant.yaml", "replicaCount: 1 # one is enough\n");
  // What npm run charts -- update qdrant 1.15.4 makes.
  sample.write("charts/qdrant-1.15.4.json", JSON.stringify(contract));
  const outdir = path.join(sample.root, "cdktf.out");
  const app = new App({ outdir });
  const settings = loadSettings(sample.root, {});
  new FoundationWithAnother(app, "foundation", settings);
  new LlmAppsWithAnother(app, "llm-apps", settings);
  app.synth();

  const { resource: foundation = {} } = readConfiguration(outdir, "foundation");
  expect(Object.values(foundation.kubernetes_namespace_v1 ?? {})).toContainEqual(
    expect.objectContaining({ metadata: expect.objectContaining({ name: "qdrant" }) }),
  );
  expect(Object.values(foundation.kubernetes_network_policy_v1 ?? {})).toContainEqual(
    expect.objectContaining({
      metadata: expect.objectContaining({ name: "default-deny", namespace: "qdrant" }),
    }),
  );
  expect(readConfiguration(outdir, "llm-apps").resource?.helm_release?.qdrant).toEqual({
    chart: "qdrant",
    create_namespace: false,
    depends_on: ["data.kubernetes_namespace_v1.reachable"],
    max_history: 10,
    name: "qdrant",
    namespace: "qdrant",
    render_subchart_notes: false,
    repository: "https://qdrant.github.io/qdrant-helm",
    timeout: 600,
    timeouts: { create: "660s", delete: "660s", update: "660s" },
    upgrade_install: true,
    values: [{ replicaCount: 1 }],
    version: "1.15.4",
    wait: true,
  });
});
