import * as fs from "node:fs";
import * as path from "node:path";
import * as tar from "tar";
import { upgradeChart } from "../../../../operations/charts/upgrade-chart";
import { findHelm } from "../../../../operations/helm/helm";
import { sampleRepository, temporaryDirectory } from "../../sample-repository";
import { withoutGo } from "../../without-go";

test("fails to fetch a chart where there is no helm, and changes nothing", async () => {
  const sample = sampleRepository();
  const lock = path.join(sample.root, "charts/lock.yaml");
  const before = fs.readFileSync(lock, "utf8");
  const context = {
    root: sample.root,
    environment: "minikube",
    helm: () => findHelm({ HOME: temporaryDirectory(), PATH: "" }),
    probe: withoutGo,
    json: false,
    print: () => undefined,
  };
  await expect(upgradeChart(context, "ollama", "1.78.0")).rejects.toThrow("helm is not on PATH");
  expect(fs.readFileSync(lock, "utf8")).toBe(before);
});

test("makes the contract of the version in the lock where it is missing, and checks the values with it", async () => {
  const sample = sampleRepository();
  sample.edit("charts/lock.yaml", "2.0.8", "2.0.7");
  const chartsDirectory = temporaryDirectory();
  const chart = path.join(chartsDirectory, "librechat");
  fs.mkdirSync(path.join(chart, "templates"), { recursive: true });
  fs.writeFileSync(path.join(chart, "Chart.yaml"), "name: librechat\nversion: 2.0.7\nappVersion: v0.8.7\n");
  fs.writeFileSync(path.join(chart, "values.yaml"), "image: { registry: a, repository: b, tag: '' }\n");
  fs.writeFileSync(path.join(chart, "templates/a.yaml"), "{{ .Values.image }}");
  tar.create(
    { file: path.join(chartsDirectory, "librechat-2.0.7.tgz"), cwd: chartsDirectory, gzip: true, sync: true },
    ["librechat"],
  );
  const lines: string[] = [];
  const context = {
    root: sample.root,
    environment: "minikube",
    chartsDirectory,
    helm: () => "helm",
    probe: withoutGo,
    json: true,
    print: (line: string) => void lines.push(line),
  };
  await upgradeChart(context, "librechat", "2.0.7");
  expect(fs.existsSync(path.join(sample.root, "charts/librechat-2.0.7.json"))).toBe(true);
  expect(fs.readFileSync(path.join(sample.root, "schemas/librechat-values.json"), "utf8")).toContain(
    '"title": "Values of LibreChat, of the chart librechat 2.0.7"',
  );
  expect(fs.readFileSync(path.join(sample.root, "charts/lock.yaml"), "utf8")).toMatch(
    /^# yaml-language-server: \$schema=\.\.\/schemas\/chart-lock\.json\n/,
  );
  const { version, refused } = JSON.parse(lines.join("\n")) as { version: string; refused: string[] };
  expect(version).toBe("2.0.7");
  // What this chart does not know.
  expect(refused).toContain("ingress.enabled");
});
