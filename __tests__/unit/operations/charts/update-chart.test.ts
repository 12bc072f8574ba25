import * as fs from "node:fs";
import * as path from "node:path";
import * as tar from "tar";
import { readChartPackage } from "../../../../contracts/chart-package";
import { updateChart, writeTogether } from "../../../../operations/charts/update-chart";
import { loadChartLock, packageDigest, pinnedChart } from "../../../../settings/chart-lock";
import { type SampleRepository, sampleRepository, temporaryDirectory } from "../../sample-repository";
import { withoutGo } from "../../without-go";

/** Packs a chart. */
function packaged(files: { readonly [file: string]: string | Buffer }, name = "sample-1.0.0.tgz"): string {
  const directory = temporaryDirectory();
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    fs.writeFileSync(path.join(directory, file), text);
  }
  const file = path.join(directory, name);
  tar.create({ file, cwd: directory, gzip: true, sync: true }, [
    ...new Set(Object.keys(files).map((one) => one.split("/")[0] ?? "")),
  ]);
  return file;
}

const chartYaml = (version: string): string =>
  `name: sample\nversion: ${version}\nappVersion: 3\nannotations:\n  artifacthub.io/changes: "- faster"\ndependencies:\n  - name: db\n    condition: db.enabled\n`;
const files = (version: string) => ({
  "sample/Chart.yaml": chartYaml(version),
  "sample/values.yaml": "# Prose.\nreplicas: 1\ndb: { size: 2Gi }\n",
  "sample/templates/a.yaml": "replicas: {{ .Values.replicas }}\n",
  "sample/templates/NOTES.txt": "{{ .Values.notes }}",
  "sample/charts/db/Chart.yaml": "name: db\nversion: 1.0.0\n",
  "sample/charts/db/values.yaml": "size: 1Gi\nuser: root\n",
  "sample/charts/db/templates/b.yaml": "{{ .Values.size }}{{ .Values.user }}\n",
});

function sampleWith(version: string): SampleRepository {
  const sample = sampleRepository();
  sample.write(
    "charts/lock.yaml",
    `# Kept.\nsample:\n  repository: https://charts.example.com # kept too\n  version: ${version}\n`,
  );
  return sample;
}

const filesOf = (root: string): string[] =>
  ["charts", "contracts/generated"].flatMap((directory) =>
    fs.existsSync(path.join(root, directory))
      ? fs.readdirSync(path.join(root, directory)).filter((file) => file.startsWith("sample"))
      : [],
  );

test("a package is read with its subcharts", () => {
  const chart = readChartPackage(packaged(files("1.0.0")));
  expect(chart).toMatchObject({
    name: "sample",
    version: "1.0.0",
    appVersion: "3",
    annotations: { "artifacthub.io/changes": "- faster" },
    values: { replicas: 1, db: { size: "2Gi" } },
    subcharts: [{ key: "db", condition: "db.enabled", chart: { name: "db", values: { size: "1Gi" } } }],
  });
  expect(chart.templates.map((template) => template.path)).toEqual([
    "templates/NOTES.txt",
    "templates/a.yaml",
  ]);
});

test("a subchart may be a package itself, and an example that cannot be read is none", () => {
  const db = packaged({ "db/Chart.yaml": "name: db\nversion: 1.0.0\n", "db/values.yaml": "size: 1Gi\n" });
  const { "sample/Chart.yaml": chart } = files("1.0.0");
  const sample = {
    "sample/Chart.yaml": chart,
    "sample/charts/db-1.0.0.tgz": fs.readFileSync(db),
    "sample/ci/a-values.yaml": "a: [",
  };
  expect(readChartPackage(packaged(sample))).toMatchObject({
    subcharts: [{ key: "db", condition: "db.enabled", chart: { name: "db", values: { size: "1Gi" } } }],
    examples: [],
  });
});

test.each([
  ["sample/values.yaml", "a: [1\n", "sample/values.yaml:2: cannot be read: unexpected end of the stream"],
  ["sample/values.yaml", "- a\n", "sample/values.yaml: expected a mapping of keys to values"],
  ["sample/Chart.yaml", "version: 1.0.0\n", "sample/Chart.yaml: name: missing"],
  ["sample/values.schema.json", "{", "sample/values.schema.json: cannot be read: "],
])("fails on a chart whose %s is %j", (name, text, message) => {
  expect(() => readChartPackage(packaged({ ...files("1.0.0"), [name]: text }))).toThrow(
    `sample-1.0.0.tgz: ${message}`,
  );
});

test("fails on what is no file, with how to get one", () => {
  const directory = temporaryDirectory();
  expect(() => readChartPackage(directory)).toThrow(
    `make a package of the chart in it with: helm package ${directory}`,
  );
  expect(() => readChartPackage("oci://a/b")).toThrow("fetch the package with: helm pull oci://a/b");
  expect(() => readChartPackage(path.join(directory, "a.tgz"))).toThrow("a.tgz: no such file");
});

test("fails on an archive that is no chart", () => {
  expect(() => readChartPackage(packaged({ "sample/readme.md": "" }))).toThrow(
    "sample-1.0.0.tgz: is no packaged chart: expected one folder with a Chart.yaml, found 0",
  );
});

test("fails on a file that is no archive", () => {
  const file = path.join(temporaryDirectory(), "sample-1.0.0.tgz");
  fs.writeFileSync(file, "<html>");
  expect(() => readChartPackage(file)).toThrow("sample-1.0.0.tgz: ");
});

test("an update writes the lock's entry, the contract and the types, and removes the old contract", async () => {
  const sample = sampleWith("1.0.0");
  const first = packaged(files("1.0.0"));
  await updateChart({
    root: sample.root,
    chart: pinnedChart(loadChartLock(sample.root), "sample"),
    file: first,
    probe: withoutGo,
  });
  expect(filesOf(sample.root)).toEqual(["sample-1.0.0.json", "sample-values.ts"]);

  const second = packaged(files("1.1.0"), "sample-1.1.0.tgz");
  const { notes } = await updateChart({
    root: sample.root,
    chart: pinnedChart(loadChartLock(sample.root), "sample"),
    file: second,
    probe: withoutGo,
  });
  expect(notes).toBe("- faster");
  expect(filesOf(sample.root)).toEqual(["sample-1.1.0.json", "sample-values.ts"]);
  expect(fs.readFileSync(path.join(sample.root, "charts/lock.yaml"), "utf8")).toBe(
    `# Kept.\nsample:\n  repository: https://charts.example.com # kept too\n  version: 1.1.0\n  appVersion: "3"\n  sha256: ${packageDigest(second)}\n`,
  );
});

test("a contract holds none of the chart's prose", async () => {
  const sample = sampleWith("1.0.0");
  await updateChart({
    root: sample.root,
    chart: pinnedChart(loadChartLock(sample.root), "sample"),
    file: packaged(files("1.0.0")),
    probe: withoutGo,
  });
  expect(fs.readFileSync(path.join(sample.root, "charts/sample-1.0.0.json"), "utf8")).not.toContain("Prose");
});

test("fails on another package of the same version, and writes nothing", async () => {
  const sample = sampleWith("1.0.0");
  await updateChart({
    root: sample.root,
    chart: pinnedChart(loadChartLock(sample.root), "sample"),
    file: packaged(files("1.0.0")),
    probe: withoutGo,
  });
  const before = fs.readFileSync(path.join(sample.root, "charts/lock.yaml"), "utf8");
  const other = packaged({ ...files("1.0.0"), "sample/values.yaml": "replicas: 2\n" });
  const again = { root: sample.root, chart: pinnedChart(loadChartLock(sample.root), "sample"), file: other };
  await expect(updateChart({ ...again, probe: withoutGo })).rejects.toThrow(
    new RegExp(
      `expected SHA-256 [0-9a-f]{64}, found ${packageDigest(other)}; get the same package again, or, if you know why it changed, remove sha256 of sample`,
    ),
  );
  expect(fs.readFileSync(path.join(sample.root, "charts/lock.yaml"), "utf8")).toBe(before);
});

test("fails on the package of another chart, and writes nothing", async () => {
  const sample = sampleWith("1.0.0");
  const chart = { ...pinnedChart(loadChartLock(sample.root), "sample"), name: "other" };
  const other = { root: sample.root, chart, file: packaged(files("1.0.0")), probe: withoutGo };
  await expect(updateChart(other)).rejects.toThrow("sample-1.0.0.tgz: is the chart sample, expected other");
  expect(filesOf(sample.root)).toEqual([]);
});

test("fails while it writes, and leaves every file as it was", () => {
  const root = temporaryDirectory();
  fs.writeFileSync(path.join(root, "a"), "before");
  fs.mkdirSync(path.join(root, "b.unfinished"));
  expect(() =>
    writeTogether(root, [
      ["a", "after"],
      ["b", "after"],
    ]),
  ).toThrow();
  expect(fs.readFileSync(path.join(root, "a"), "utf8")).toBe("before");
  expect(fs.existsSync(path.join(root, "a.unfinished"))).toBe(false);
});
