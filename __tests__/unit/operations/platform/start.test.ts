import { loadSettings } from "../../../../applications/load-settings";
import { platformRows } from "../../../../operations/platform/platform-table";
import { start } from "../../../../operations/platform/start";
import { sampleRepository } from "../../sample-repository";

test("fails with what is wrong in any environment, its values included, each fault once", async () => {
  const { root, write, edit } = sampleRepository();
  write("values/librechat.production.yaml", "replicaCont: 2\n");
  write("values/ollama.sandbox.yaml", "fullnameOverride: models\n");
  edit("environments/minikube-cpu.yaml", "count: 0", "count: -1");
  const started = start({ root, environment: "minikube", variables: {}, print: () => undefined });
  const error = await started.then(
    () => new Error("it started"),
    (error: Error) => error,
  );
  expect(error.message.split("\n")).toEqual([
    expect.stringContaining("environments/minikube-cpu.yaml: applications.ollama.gpu.count: "),
    expect.stringContaining("values/librechat.production.yaml:1: replicaCont: "),
    expect.stringContaining("values/ollama.sandbox.yaml: fullnameOverride: "),
  ]);
});

test("two releases of one application are told apart by their names", () => {
  const { root, edit } = sampleRepository();
  const small = "application: ollama, models: [tiny], gpu: { count: 0 }";
  edit(
    "environments/minikube.yaml",
    "  librechat:\n",
    `  small: { ${small} }\n  old: { ${small}, installed: false }\n  librechat:\n`,
  );
  const rows = Object.fromEntries(platformRows(loadSettings(root, {})));
  expect(rows.order).toEqual(["foundation → llm-apps (ollama, small → librechat)"]);
  expect(rows.charts).toContain("ollama 1.77.0");
  expect(rows.charts).toContain("ollama 1.77.0 (small)");
  expect(rows.exposed?.map((line) => line.split(":")[0])).toEqual([
    "Ollama (no authentication)",
    "Ollama small",
    "LibreChat",
  ]);
  expect(rows.storage).toContain("old (not installed): models");
});
