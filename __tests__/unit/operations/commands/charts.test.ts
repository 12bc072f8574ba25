import * as fs from "node:fs";
import * as path from "node:path";
import { command, findHelm, list, update } from "../../../../operations/commands/charts";
import { repository, sampleRepository, temporaryDirectory } from "../../sample-repository";

function context(root: string) {
  const lines: string[] = [];
  return {
    root,
    environment: "minikube",
    helm: () => findHelm({ HOME: temporaryDirectory(), PATH: "" }),
    json: false,
    print: (line: string): void => void lines.push(line),
    lines,
  };
}

test("the list says where the charts come from, and what is known about them", () => {
  const { lines, ...rest } = context(repository);
  expect(list(rest)).toBe(0);
  expect(lines.join("\n")).toContain("https://helm.otwld.com");
  expect(lines.join("\n")).toContain("oci://ghcr.io/danny-avila/librechat-chart");
});

test("the list in JSON has the digests in full", () => {
  const sample = sampleRepository();
  const digest = "0123456789abcdef".repeat(4);
  sample.edit("charts/lock.yaml", "version: 1.77.0\n", `version: 1.77.0\n  sha256: ${digest}\n`);
  const { lines, ...rest } = context(sample.root);
  list({ ...rest, json: true });
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
  expect(list(rest)).toBe(0);
  expect(lines.join("\n")).toContain("npm run charts -- update ollama 1.77.0");
});

test("fails to fetch a chart where there is no helm, saying where it looked, and changes nothing", async () => {
  const sample = sampleRepository();
  const lock = path.join(sample.root, "charts/lock.yaml");
  const before = fs.readFileSync(lock, "utf8");
  await expect(update(context(sample.root), "ollama", "1.78.0")).rejects.toThrow(
    "no helm on this machine: looked in the variable HELM, in the sandbox and on PATH",
  );
  expect(fs.readFileSync(lock, "utf8")).toBe(before);
});

test.each([
  [["lst"], "allowed: list, check, update, kubernetes"],
  [["update"], "charts update: found 0 arguments (allowed: APP [VERSION])"],
  [["list", "ollama"], "charts list: found 1 arguments (allowed: none)"],
])("fails on %j", async (args, message) => {
  const errors: string[] = [];
  command.exitOverride().configureOutput({ writeErr: (text) => void errors.push(text) });
  const failure = await command.parseAsync(args, { from: "user" }).catch((error: Error) => error.message);
  expect(`${String(failure)} ${errors.join("")}`).toContain(message);
});
