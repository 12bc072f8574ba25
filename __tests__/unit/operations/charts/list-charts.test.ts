import { withoutGo } from "../../without-go";
import * as fs from "node:fs";
import * as path from "node:path";
import { listCharts } from "../../../../operations/charts/list-charts";
import { loadChartLock } from "../../../../settings/chart-lock";
import { repository, sampleRepository, temporaryDirectory } from "../../sample-repository";

function context(root: string) {
  const lines: string[] = [];
  return {
    root,
    environment: "minikube",
    helm: () => "helm",
    probe: withoutGo,
    json: false,
    print: (line: string): void => void lines.push(line),
    lines,
  };
}

/** Every repository has what is pinned. */
const nothingNewer = (chart: { readonly name: string }): Promise<string> =>
  Promise.resolve(loadChartLock(repository)[chart.name]?.version ?? "");

test("the list says where the charts come from, and what is known about them", async () => {
  const { lines, ...rest } = context(repository);
  await listCharts(rest, nothingNewer);
  expect(lines.join("\n")).toContain("https://helm.otwld.com");
  expect(lines.join("\n")).toContain("oci://ghcr.io/danny-avila/librechat-chart");
  // Beside the table nothing: none is behind.
  expect(lines).toHaveLength(1);
});

test("the list in JSON has the digests in full", async () => {
  const sample = sampleRepository();
  const digest = "0123456789abcdef".repeat(4);
  sample.edit("charts/lock.yaml", "version: 1.77.0\n", `version: 1.77.0\n  sha256: ${digest}\n`);
  const { lines, ...rest } = context(sample.root);
  await listCharts({ ...rest, json: true }, nothingNewer);
  const charts = JSON.parse(lines.join("")) as { name: string; sha256?: string; keys: number }[];
  expect(charts.map(({ name, sha256 }) => [name, sha256])).toEqual([
    ["ollama", digest],
    ["librechat", undefined],
  ]);
  for (const { keys } of charts) expect(keys).toBeGreaterThan(100);
});

test("the list says which command makes a contract that is missing", async () => {
  const sample = sampleRepository();
  sample.remove("charts/ollama-1.77.0.json");
  const { lines, ...rest } = context(sample.root);
  await listCharts(rest, nothingNewer);
  expect(lines.join("\n")).toContain("npm run charts -- update ollama 1.77.0");
});

test("what is newer has the command that brings it, and whoever does not answer is told in one line", async () => {
  const { lines, ...rest } = context(repository);
  const newest = ({ name }: { readonly name: string }): Promise<string> =>
    name === "ollama" ? Promise.resolve("99.0.0") : Promise.reject(new Error("ghcr.io does not answer"));
  await listCharts(rest, newest);
  expect(lines.slice(1)).toEqual([
    "whether there is a newer one is not known of librechat (ghcr.io does not answer)",
    "ollama 99.0.0 is newer: npm run charts -- update ollama 99.0.0",
  ]);
  lines.length = 0;
  await listCharts({ ...rest, json: true }, newest);
  expect(JSON.parse(lines.join(""))).toMatchObject([
    { name: "ollama", newest: "99.0.0" },
    { name: "librechat", unknown: "ghcr.io does not answer" },
  ]);
});

test("a directory of packages is looked into instead of the repositories", async () => {
  const chartsDirectory = temporaryDirectory();
  const names = Object.values(loadChartLock(repository)).map(({ name, version }) => `${name}-${version}`);
  for (const name of [...names, "ollama-99.0.0", "ollama-100.0.0-rc1"]) {
    fs.writeFileSync(path.join(chartsDirectory, `${name}.tgz`), "");
  }
  const { lines, ...rest } = context(repository);
  await listCharts({ ...rest, chartsDirectory }, () => Promise.reject(new Error("nobody is asked")));
  expect(lines.slice(1)).toEqual(["ollama 99.0.0 is newer: npm run charts -- update ollama 99.0.0"]);
});
