import { withoutGo } from "../../without-go";
import { listCharts } from "../../../../operations/charts/list-charts";
import { repository, sampleRepository } from "../../sample-repository";

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

test("the list says where the charts come from, and what is known about them", () => {
  const { lines, ...rest } = context(repository);
  listCharts(rest);
  expect(lines.join("\n")).toContain("https://helm.otwld.com");
  expect(lines.join("\n")).toContain("oci://ghcr.io/danny-avila/librechat-chart");
});

test("the list in JSON has the digests in full", () => {
  const sample = sampleRepository();
  const digest = "0123456789abcdef".repeat(4);
  sample.edit("charts/lock.yaml", "version: 1.77.0\n", `version: 1.77.0\n  sha256: ${digest}\n`);
  const { lines, ...rest } = context(sample.root);
  listCharts({ ...rest, json: true });
  const charts = JSON.parse(lines.join("")) as { name: string; sha256?: string; keys: number }[];
  expect(charts.map(({ name, sha256 }) => [name, sha256])).toEqual([
    ["ollama", digest],
    ["librechat", undefined],
  ]);
  for (const { keys } of charts) expect(keys).toBeGreaterThan(100);
});

test("the list says which command makes a contract that is missing", () => {
  const sample = sampleRepository();
  sample.remove("charts/ollama-1.77.0.json");
  const { lines, ...rest } = context(sample.root);
  listCharts(rest);
  expect(lines.join("\n")).toContain("npm run charts -- update ollama 1.77.0");
});
