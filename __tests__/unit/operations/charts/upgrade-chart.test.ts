import * as fs from "node:fs";
import * as path from "node:path";
import * as tar from "tar";
import { fetchChart } from "../../../../operations/charts/fetch-chart";
import { upgradeChart } from "../../../../operations/charts/upgrade-chart";
import { findHelm } from "../../../../operations/helm/helm";
import { type SampleRepository, sampleRepository, temporaryDirectory } from "../../sample-repository";
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

/** What an update prints to a LibreChat chart of a test's own. */
async function updateTo({ root }: SampleRepository, version: string, json: boolean): Promise<string> {
  const chartsDirectory = temporaryDirectory();
  const chart = path.join(chartsDirectory, "librechat");
  fs.mkdirSync(path.join(chart, "templates"), { recursive: true });
  fs.writeFileSync(
    path.join(chart, "Chart.yaml"),
    `name: librechat\nversion: ${version}\nappVersion: v0.8.7\n`,
  );
  fs.writeFileSync(path.join(chart, "values.yaml"), "image: { registry: a, repository: b, tag: '' }\n");
  fs.writeFileSync(path.join(chart, "templates/a.yaml"), "{{ .Values.image }}");
  const file = path.join(chartsDirectory, `librechat-${version}.tgz`);
  tar.create({ file, cwd: chartsDirectory, gzip: true, sync: true }, ["librechat"]);
  const lines: string[] = [];
  const print = (line: string) => void lines.push(line);
  await upgradeChart(
    { root, environment: "minikube", chartsDirectory, helm: () => "helm", probe: withoutGo, json, print },
    "librechat",
    version,
  );
  return lines.join("\n");
}

test("says what a version needs first, where the chart is published, and which images nobody mends", async () => {
  const sample = sampleRepository();
  const secret = "before it is deployed:\n  since 2.0.14 a pod does not start without the Secret";
  const archive =
    'images whose home is an archive:\n  mongodb.image.repository: found "bitnamilegacy/mongodb"';
  const before = await updateTo(sample, "2.0.13", false);
  expect(before).toContain(archive);
  expect(before).not.toContain("before it is deployed:");
  expect(before).not.toContain("its repository:");
  sample.edit("charts/lock.yaml", "danny-avila/librechat-chart", "librechat-ai/librechat-chart");
  const after = await updateTo(sample, "2.0.14", false);
  expect(after).toContain(secret);
  expect(after).toContain(
    "its repository:\n  its authors publish it at oci://ghcr.io/danny-avila/librechat-chart, and charts/lock.yaml takes it from oci://ghcr.io/librechat-ai/librechat-chart",
  );
});

test("a chart that cannot be fetched says where its authors publish it", async () => {
  const chart = { name: "ollama", repository: "https://127.0.0.1:1", version: "1.0.0" };
  const home = "https://helm.otwld.com";
  const fetched = fetchChart({ chart, home, helm: () => "false", directory: temporaryDirectory() });
  await expect(fetched).rejects.toThrow(
    /cannot be fetched .* \(its authors publish it at https:\/\/helm\.otwld\.com, and charts\/lock\.yaml takes it from https:/,
  );
});

test("makes the contract of the version in the lock where it is missing, and checks the values with it", async () => {
  const sample = sampleRepository();
  sample.edit("charts/lock.yaml", "2.0.8", "2.0.7");
  const updated = await updateTo(sample, "2.0.7", true);
  expect(fs.existsSync(path.join(sample.root, "charts/librechat-2.0.7.json"))).toBe(true);
  expect(fs.readFileSync(path.join(sample.root, "schemas/librechat-values.json"), "utf8")).toContain(
    '"title": "Values of LibreChat, of the chart librechat 2.0.7"',
  );
  expect(fs.readFileSync(path.join(sample.root, "charts/lock.yaml"), "utf8")).toMatch(
    /^# yaml-language-server: \$schema=\.\.\/schemas\/chart-lock\.json\n/,
  );
  const { version, refused } = JSON.parse(updated) as { version: string; refused: string[] };
  expect(version).toBe("2.0.7");
  // What this chart does not know.
  expect(refused).toContain("ingress.enabled");
});

test("does not count a key that only holds what an anchor names among those that are refused", async () => {
  const sample = sampleRepository();
  const values = fs.readFileSync(path.join(sample.root, "values/librechat.yaml"), "utf8");
  const anchor = "x-base: &base { some: text }\ny-base: &unused { some: text }\nglobal: { a: *base }\n";
  sample.write("values/librechat.yaml", `${anchor}${values}`);
  const { refused } = JSON.parse(await updateTo(sample, "2.0.7", true)) as { refused: string[] };
  expect(refused).toContain("y-base.some");
  expect(refused).not.toContain("x-base.some");
});
