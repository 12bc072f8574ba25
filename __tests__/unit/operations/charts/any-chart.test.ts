import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import execa from "execa";
import * as tar from "tar";
import { checkAnyValues, printContract } from "../../../../operations/charts/any-chart";
import { repository } from "../../sample-repository";
import { measureContracts } from "../../../../operations/charts/measure-contracts";
import { withoutGo } from "../../without-go";

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "any-chart-"))));
afterEach(() => fs.rmSync(folder, { recursive: true }));

const at = (name: string): string => path.join(folder, name);

/** A package with one template, as a machine without Go sees it. */
function packaged(values: string, template: string): string {
  fs.mkdirSync(at("sample/templates"), { recursive: true });
  fs.writeFileSync(at("sample/Chart.yaml"), "name: sample\nversion: 1.0.0\n");
  fs.writeFileSync(at("sample/values.yaml"), values);
  fs.writeFileSync(at("sample/templates/a.yaml"), template);
  tar.create({ file: at("sample.tgz"), cwd: folder, gzip: true, sync: true }, ["sample"]);
  return at("sample.tgz");
}

async function checked(values: readonly string[], options: { json?: boolean } = {}) {
  const [printed, notes]: [string[], string[]] = [[], []];
  const context = {
    probe: withoutGo,
    json: options.json ?? false,
    print: (line: string) => void printed.push(line),
    note: (line: string) => void notes.push(line),
  };
  const file = packaged("a: 1\nb: 2\nlabels: {}\n", "{{ .Values.a }} {{ toYaml .Values.labels }}\n");
  const code = await checkAnyValues(context, file, values);
  return { code, printed, notes };
}

function written(name: string, text: string): string {
  fs.writeFileSync(at(name), text);
  return at(name);
}

test("what seems to be read nowhere is warned of where that cannot be tried, and not refused", async () => {
  const { code, printed, notes } = await checked([written("values.yaml", "b: 3\n")]);
  expect(code).toBe(0);
  expect(printed).toEqual(["no value is refused for the chart sample 1.0.0"]);
  expect(notes).toEqual([
    "inferred from the templates alone: there is no `go` on PATH",
    expect.stringMatching(/^b: no template of the chart sample 1\.0\.0 seems to read this/),
  ]);
});

test.each<[string, string, readonly string[]]>([
  ["by an alias", "x-base: &base { b: c }\nlabels: *base\n", []],
  ["by merging it", "x: { base: &base { b: c } }\nlabels: { <<: *base }\n", []],
  ["in the part of it alone that is", "x: { base: &base 3, other: &other 4 }\na: *base\n", ["x.other"]],
  ["not where that is in itself", "x: { base: &base 3, same: *base }\na: 3\n", ["x"]],
  ["by nothing", "x-base: &base { b: 3 }\na: 3\n", ["x-base.b"]],
  ["and what is wrong in what the chart knows", "a: &base { c: d }\nlabels: *base\n", ["a"]],
  ["and what is one of the chart's misspelt", "lables: &base { b: c }\nlabels: *base\n", ["lables.b"]],
])("what holds an anchor that is used is right: %s", async (_what, values, refused) => {
  const { printed } = await checked([written("values.yaml", values)], { json: true });
  const keys = (JSON.parse(printed.join("")) as { refused: { key: string }[] }).refused.map(({ key }) => key);
  expect(keys).toEqual(refused);
});

test("an interruption ends it while it waits for the standard input", async () => {
  const args = ["operations/entry.mjs", "charts", "check-values", packaged("", ""), "-"];
  const waiting = execa(process.execPath, args, { cwd: repository, reject: false, timeout: 20_000 });
  await sleep(2500);
  waiting.kill("SIGINT");
  expect(await waiting).toMatchObject({ timedOut: false, failed: true });
}, 30_000);

test("values come from the standard input", async () => {
  const file = packaged("a: 1\n", "a: {{ .Values.a }}\n");
  const args = ["operations/entry.mjs", "charts", "check-values", file, "-"];
  const { exitCode, stdout } = await execa(process.execPath, args, {
    ...{ cwd: repository, reject: false, input: "b: 1\n", env: { PATH: "/nonexistent" } },
  });
  expect(stdout).toMatch(/^b: the chart sample 1\.0\.0 has no such key/);
  expect(exitCode).toBe(1);
}, 30_000);

test("as JSON, what is refused and what is warned of", async () => {
  const { code, printed } = await checked([written("values.yaml", "b: 3\nc: 4\n")], { json: true });
  expect(code).toBe(1);
  expect(JSON.parse(printed.join(""))).toEqual({
    refused: [{ key: "c", problem: expect.stringContaining("has no such key") }],
    warned: [
      { key: "b", problem: expect.stringContaining("no template of the chart sample 1.0.0 seems to") },
    ],
  });
});

test("the contract of a package says first which command makes it", async () => {
  const lines: string[] = [];
  const file = packaged("a: 1\n", "{{ .Values.a }}\n");
  const print = (line: string): void => void lines.push(line);
  await printContract({ probe: withoutGo, json: false, print, note: () => undefined }, file);
  expect(JSON.parse(lines.join("\n")).generated).toBe(
    "by npm run charts -- contract sample.tgz: change that command, not this file",
  );
});

test.each([
  ["on a folder as values", () => [folder], /: is a folder, expected a file$/],
  [
    "on a package as values, with what comes first",
    () => [packaged("a: 1\n", "")],
    /sample\.tgz: expected a values file, found a package: it comes first: npm run charts -- check-values \S+ VALUES…$/,
  ],
  ["on the standard input twice", () => ["-", "-"], /^-: the standard input is named twice/],
])("fails %s", async (_what, values, message) => {
  await expect(checked(values())).rejects.toThrow(message);
});

test("measuring fails on a folder without packages, and on none", async () => {
  const context = { probe: withoutGo, print: () => undefined, note: () => undefined };
  await expect(measureContracts(context, folder)).rejects.toThrow(/: no chart packages in it/);
  await expect(measureContracts(context, at("x"))).rejects.toThrow(/: no such folder/);
});
