import { contractText, loadContract } from "../../../../contracts/contract-file";
import * as fs from "node:fs";
import * as path from "node:path";
import { loadSettings } from "../../../../applications/load-settings";
import { headedTable, platformRows } from "../../../../operations/platform/platform-table";
import { start } from "../../../../operations/platform/start";
import { repository, sampleRepository } from "../../sample-repository";

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
    expect.stringContaining("values/ollama.sandbox.yaml:1: fullnameOverride: "),
  ]);
});

test("tells a fault that environments share once, and names them only where it is not in all", async () => {
  const { root, write, edit } = sampleRepository();
  write("values/librechat.yaml", "ingress: { enabled: true, className: traefik }\nreplicaCont: 2\n");
  write("values/ollama.yaml", "runtimeClassName: nvidia\nservice: { type: NodePort }\nresources:\n");
  edit("environments/sandbox.yaml", "context: ", "contxt: ");
  const started = start({ root, environment: "minikube", variables: {}, print: () => undefined });
  const error = await started.then(
    () => new Error("it started"),
    (error: Error) => error,
  );
  const lines = error.message.split("\n");
  const of = (start: string): string[] => lines.filter((line) => line.startsWith(start));
  expect(of("values/ollama.yaml:1: runtimeClassName: ")).toEqual([
    expect.stringContaining("applications.ollama.gpu.runtimeClass in environments/"),
  ]);
  expect(of("values/ollama.yaml:3: resources: is empty")).toEqual([
    expect.stringContaining("in environments/{minikube,production}.yaml has 1"),
  ]);
  expect(of("values/librechat.yaml:1: ingress")).toHaveLength(1);
  expect(of("values/librechat.yaml:2: replicaCont: ")).toHaveLength(1);
  expect(of("environments/sandbox.yaml: cluster.contxt: unknown key, did you mean context?")).toHaveLength(1);
  // How to switch a rule off comes after what breaks one.
  const last = lines.findIndex((line) => line.startsWith("fix it, or switch a rule off"));
  expect(lines.slice(last).filter((line) => line.includes("(rule "))).toEqual([]);
  expect(of("fix it, or switch a rule off")).toHaveLength(1);
});

test("an environment that exposes nothing, or runs nothing, has no row without a line", () => {
  const { root, edit } = sampleRepository();
  edit("environments/minikube-cpu.yaml", "  librechat:\n", "  librechat:\n    installed: false\n");
  const rows = () => platformRows(loadSettings(root, { ENVIRONMENT: "minikube-cpu" }));
  const headings = (): string[] =>
    headedTable(rows())
      .split("\n")
      .flatMap((line) => /^\S+/.exec(line) ?? []);
  expect(headings()).not.toContain("urls");
  expect(headings()).not.toContain("ingress");
  edit("environments/minikube-cpu.yaml", "  ollama:\n", "  ollama:\n    installed: false\n");
  expect(Object.fromEntries(rows()).order).toEqual(["foundation"]);
  expect(headings()).toEqual(["environment", "context", "order", "storage", "state"]);
});

test("says that what serves the class has ended, and shows what a rule only warns of and what may do nothing", async () => {
  const { root, write } = sampleRepository();
  const contract = loadContract(root, "ollama", "1.77.0");
  const keys = { ...contract.keys, nodeSelector: { type: "map", unread: true, known: "unknown" } } as const;
  write("charts/ollama-1.77.0.json", contractText({ ...contract, keys }));
  write("values/ollama.minikube.yaml", "# Where it runs.\nnodeSelector: { disk: fast }\n");
  for (const name of fs.readdirSync(repository)) {
    if (name === "cdktf.out" || fs.existsSync(path.join(root, name))) continue;
    // The program takes the folder in which it really lies for the repository.
    if (name === "main.ts") fs.copyFileSync(path.join(repository, name), path.join(root, name));
    else fs.symlinkSync(path.join(repository, name), path.join(root, name));
  }
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  await start({ root, environment: "minikube", variables: process.env, print });
  const text = lines.join("\n").replace(/\s+/g, " ");
  expect(text).toContain(
    "ingress class nginx, ingress-nginx in ingress-nginx ingress-nginx ended on 2026-03-24:",
  );
  expect(text).toMatch(
    /warned values\/librechat\.yaml:\d+: mongodb\.image\.repository: found "bitnamilegacy/,
  );
  expect(text).toContain(
    "values/ollama.minikube.yaml:2: nodeSelector: no template of the chart ollama 1.77.0 seems to read this, which could not be tried by rendering: if a rendering is the same without it, remove it",
  );
}, 60_000);

test("fails with what is wrong in the values of a release that is not installed, and with none that fit", async () => {
  const { root, write, edit } = sampleRepository();
  edit("environments/minikube-cpu.yaml", "  librechat:\n", "  librechat:\n    installed: false\n");
  write("values/librechat.minikube-cpu.yaml", "replicaCont: 2\n");
  const started = (): Promise<string> =>
    start({ root, environment: "nowhere", variables: {}, print: () => undefined }).then(
      () => "started",
      (error: Error) => error.message,
    );
  expect(await started()).toContain("values/librechat.minikube-cpu.yaml:1: replicaCont: ");
  write("values/librechat.minikube-cpu.yaml", "replicaCount: 2\n");
  expect(await started()).toMatch(/^environment "nowhere": unknown/);
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
