import * as fs from "node:fs";
import * as path from "node:path";
import * as tar from "tar";
import type { ChartsContext } from "../../operations/charts/charts-context";
import { checkAnyValues } from "../../operations/charts/any-chart";
import { checkValues } from "../../operations/charts/check-values";
import { listCharts } from "../../operations/charts/list-charts";
import { upgradeChart } from "../../operations/charts/upgrade-chart";
import { loadChartLock, pinnedChart } from "../../settings/chart-lock";
import {
  repository,
  type SampleRepository,
  sampleRepository,
  temporaryDirectory,
} from "../unit/sample-repository";
import { withoutGo } from "../unit/without-go";
import { chartProbe, chartsDirectory, helm, rendering } from "./machine";

function context(root: string, overrides: Partial<ChartsContext> = {}) {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  return {
    root,
    environment: "minikube",
    chartsDirectory,
    helm: () => helm,
    probe: withoutGo,
    json: false,
    print,
    lines,
    ...overrides,
  };
}

/** Everything that an update may write, as one text. */
function state(root: string): string {
  const files = ["charts", "contracts/generated"].flatMap((directory) =>
    fs.existsSync(path.join(root, directory))
      ? fs.readdirSync(path.join(root, directory)).map((file) => path.join(directory, file))
      : [],
  );
  return files.map((file) => `${file}\n${fs.readFileSync(path.join(root, file), "utf8")}`).join("\n");
}

/** A folder that has these packages and no other, whatever CHARTS_DIR has beside them. */
function folderOf(...packages: string[]): string {
  const directory = temporaryDirectory();
  for (const file of packages) fs.copyFileSync(path.join(chartsDirectory, file), path.join(directory, file));
  return directory;
}

function sampleAt(version: string): SampleRepository {
  const sample = sampleRepository();
  sample.edit("charts/lock.yaml", "1.77.0", version);
  // The contract of another version is not its.
  sample.remove("charts/ollama-1.77.0.json");
  return sample;
}

test("an update goes from version to version, and back to the same bytes", async () => {
  const sample = sampleRepository();
  await upgradeChart(context(sample.root), "ollama", "1.77.0");
  const before = state(sample.root);
  await upgradeChart(context(sample.root), "ollama", "1.42.0");
  expect(fs.readdirSync(path.join(sample.root, "charts"))).toContain("ollama-1.42.0.json");
  expect(fs.readdirSync(path.join(sample.root, "charts"))).not.toContain("ollama-1.77.0.json");
  expect(loadChartLock(sample.root).ollama).toMatchObject({ version: "1.42.0", appVersion: "0.15.6" });
  await upgradeChart(context(sample.root), "ollama", "1.77.0");
  expect(state(sample.root)).toBe(before);
}, 60_000);

test("an update adds the digest where it is not known, and keeps the lock's comments and its other charts", async () => {
  const sample = sampleRepository();
  const before = fs.readFileSync(path.join(sample.root, "charts/lock.yaml"), "utf8");
  await upgradeChart(context(sample.root), "ollama", "1.77.0");
  const after = fs.readFileSync(path.join(sample.root, "charts/lock.yaml"), "utf8");
  expect(after).toMatch(/appVersion: 0\.32\.15\n  sha256: [0-9a-f]{64}\nlibrechat:/);
  expect(after.replace(/  sha256: .*\n/, "")).toBe(before);
}, 60_000);

test("an update shows the application's version, what changed for our values, and the authors' notes", async () => {
  const sample = sampleAt("1.42.0");
  await upgradeChart(context(sample.root), "ollama", "1.42.0");
  const { lines, ...rest } = context(sample.root);
  await upgradeChart(rest, "ollama", "1.77.0");
  const text = lines.join("\n");
  expect(text).toContain("ollama 1.42.0 → 1.77.0 (application 0.15.6 → 0.32.15)");
  expect(text).toContain("+ podSchedulerName");
  expect(text).toContain("its authors say:");
  expect(text).toContain("upgrade app version to v0.32.15");
}, 60_000);

test("an update to a LibreChat whose schema is not known says what adds it", async () => {
  const sample = sampleRepository();
  const directory = temporaryDirectory();
  await tar.extract({ file: path.join(chartsDirectory, "librechat-2.0.8.tgz"), cwd: directory });
  const chart = path.join(directory, "librechat/Chart.yaml");
  const text = fs.readFileSync(chart, "utf8");
  fs.writeFileSync(
    chart,
    text.replace(/^version: .*$/m, "version: 2.0.9").replace(/^appVersion: .*$/m, "appVersion: v0.9.0"),
  );
  await tar.create({ file: path.join(directory, "librechat-2.0.9.tgz"), gzip: true, cwd: directory }, [
    "librechat",
  ]);
  const { lines, ...rest } = context(sample.root, { chartsDirectory: directory });
  await upgradeChart(rest, "librechat", "2.0.9");
  expect(lines.join("\n")).toContain(
    "before its own image is deployed:\n  no schema is known for the configuration of LibreChat v0.9.0 (known: v0.8.7, v0.8.8-rc1)",
  );
}, 60_000);

test("an update without a version takes the newest of CHARTS_DIR", async () => {
  const sample = sampleAt("1.42.0");
  const folder = folderOf("ollama-1.77.0.tgz", "ollama-1.42.0.tgz", "librechat-2.0.8.tgz");
  await upgradeChart(context(sample.root, { chartsDirectory: folder }), "ollama");
  expect(loadChartLock(sample.root).ollama?.version).toBe("1.77.0");
}, 60_000);

test("fails on a version that CHARTS_DIR lacks, and changes nothing", async () => {
  const sample = sampleRepository();
  const before = state(sample.root);
  const folder = folderOf("ollama-1.42.0.tgz", "ollama-1.77.0.tgz");
  await expect(
    upgradeChart(context(sample.root, { chartsDirectory: folder }), "ollama", "1.76.0"),
  ).rejects.toThrow(
    `CHARTS_DIR: ollama 1.76.0 is not in ${folder} (there are: 1.42.0, 1.77.0); put its package there`,
  );
  expect(state(sample.root)).toBe(before);
});

test("fails on a chart that the lock does not have", async () => {
  await expect(upgradeChart(context(repository), "olama")).rejects.toThrow(
    "olama: missing, is ollama meant?",
  );
});

test("fails on another package of the locked version, naming both digests, and changes nothing", async () => {
  const sample = sampleRepository();
  await upgradeChart(context(sample.root), "ollama", "1.77.0");
  const before = state(sample.root);
  const directory = folderOf("librechat-2.0.8.tgz");
  fs.copyFileSync(path.join(chartsDirectory, "ollama-1.42.0.tgz"), path.join(directory, "ollama-1.77.0.tgz"));
  expect(() => loadChartLock(sample.root, directory)).toThrow(
    /ollama-1\.77\.0\.tgz: is not the package that charts\/lock\.yaml was written for: expected SHA-256 [0-9a-f]{64}, found [0-9a-f]{64}; get the same package again, or, .* remove sha256 of ollama/,
  );
  expect(state(sample.root)).toBe(before);
});

test("fails on a package that is cut off, and changes nothing", async () => {
  const sample = sampleAt("1.42.0");
  const before = state(sample.root);
  const directory = temporaryDirectory();
  const whole = fs.readFileSync(path.join(chartsDirectory, "ollama-1.77.0.tgz"));
  fs.writeFileSync(path.join(directory, "ollama-1.77.0.tgz"), whole.subarray(0, whole.length / 2));
  await expect(
    upgradeChart(context(sample.root, { chartsDirectory: directory }), "ollama", "1.77.0"),
  ).rejects.toThrow("ollama-1.77.0.tgz: ");
  expect(state(sample.root)).toBe(before);
});

test("the list names each chart with its version, its application's version and its digest", async () => {
  const { lines, ...rest } = context(repository);
  await listCharts(rest);
  expect(lines.join("\n")).toMatch(/ollama .* 1\.77\.0 .* 0\.32\.15/);
  expect(lines.join("\n")).toMatch(/librechat .* 2\.0\.8 .* v0\.8\.8-rc1/);
});

for (const environment of ["minikube", "minikube-cpu", "production", "sandbox"]) {
  rendering(
    `${environment}: each value that is set changes what is rendered, one at a time`,
    async () => {
      const { lines, ...rest } = context(repository, { environment, json: true, probe: chartProbe });
      expect(await checkValues(rest)).toBe(0);
      const { leaves, ...found } = JSON.parse(lines.join("\n")) as { leaves: number };
      expect(found).toMatchObject({ without: [], own: [] });
      expect(leaves).toBeGreaterThan(60);
    },
    60_000,
  );
}

rendering(
  "fails on a value that the chart ignores, naming file, line and key",
  async () => {
    const sample = sampleRepository();
    // Read by a template, so that the contract cannot know: only a service of another type has a node port.
    sample.edit("values/ollama.yaml", "service:", "service:\n  nodePort: 31434");
    const { lines, ...rest } = context(sample.root, { probe: chartProbe });
    expect(await checkValues(rest)).toBe(1);
    expect(lines[0]).toMatch(
      /^values\/ollama\.yaml:\d+: service\.nodePort: changes nothing of what the chart ollama 1\.77\.0 renders: remove it$/,
    );
  },
  60_000,
);

rendering(
  "fails on values of any chart that Helm does not render, with its reason",
  async () => {
    const { package: file } = pinnedChart(loadChartLock(repository, chartsDirectory), "ollama");
    const values = path.join(temporaryDirectory(), "values.yaml");
    fs.writeFileSync(values, 'nameOverride: "a: b"\n');
    const { lines, ...rest } = context(repository, { probe: chartProbe });
    expect(await checkAnyValues({ ...rest, note: rest.print }, file as string, [values])).toBe(1);
    expect(lines).toEqual([
      expect.stringMatching(
        /^Helm does not render the chart ollama 1\.77\.0 with these values: YAML parse error on ollama\/templates\/\S+: /,
      ),
    ]);
  },
  60_000,
);
