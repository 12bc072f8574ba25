import fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type ComponentName, components } from "../../../../operations/sandbox/components";
import { fits, installedProgram } from "../../../../operations/sandbox/installed";

const work = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "llm-platform-installed-")));
afterAll(() => fs.rmSync(work, { recursive: true, force: true }));

let home: string;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(work, "home-"));
  fs.mkdirSync(path.join(home, "bin"));
});

const bin = (name: string) => path.join(home, "bin", name);

function find(name: ComponentName, version: string): string | undefined {
  const component = components().find((each) => each.name === name);
  if (!component) throw new Error(name);
  return installedProgram({ ...component, version }, { PATH: path.join(home, "bin") });
}

/** A program that notes that it was asked. Without a first line of a script: a shell runs it all the same. */
function program(file: string, answer: string): void {
  fs.writeFileSync(bin(file), `echo "$@" >> "${home}/asked"\necho '${answer}'\n`, { mode: 0o755 });
}

const asked = () =>
  fs.existsSync(path.join(home, "asked"))
    ? fs.readFileSync(path.join(home, "asked"), "utf8").trim().split("\n")
    : [];

describe("what fits in the place of", () => {
  test.each<[ComponentName, string, string[], string[]]>([
    [
      "kubectl",
      "v1.35.4",
      ["v1.35.4", "v1.35.0", "v1.34.9", "v1.36.1", "v1.35.4+k3s1", "v1.34.2-dispatcher"],
      ["v1.33.9", "v1.37.0", "v2.35.4", "", "unknown"],
    ],
    ["helm", "v3.19.0", ["v3.19.0", "v3.19.5", "v3.20.1"], ["v3.18.9", "v4.0.0", "v2.17.0", ""]],
    ["etcd", "v3.6.6", ["3.6.6", "3.6.0", "3.6.12"], ["3.5.21", "3.7.0", "4.6.6", ""]],
    ["kwok", "v0.8.0", ["v0.8.0", "0.8.4"], ["v0.7.0", "v0.9.0", "(devel)"]],
    ["kwokctl", "v0.8.0", ["v0.8.0"], ["v0.7.0"]],
    ["ollama", "v0.6.8", ["0.6.8", "0.6.0", "0.12.3", "1.0.0"], ["0.5.13", ""]],
  ])("%s %s", (name, version, fitting, others) => {
    expect(fitting.filter((found) => !fits({ name, version }, found))).toEqual([]);
    expect(others.filter((found) => fits({ name, version }, found))).toEqual([]);
  });

  test("a part of the control plane is nothing but the pinned one", () => {
    expect(fits({ name: "kube-apiserver", version: "v1.35.4" }, "v1.35.4")).toBe(false);
  });
});

test.each<[ComponentName, string, string]>([
  ["kubectl", "v1.35.4", '{"clientVersion": {"major": "1", "gitVersion": "v1.34.1"}}'],
  ["helm", "v3.19.0", "v3.19.2"],
  ["etcd", "v3.6.6", "etcd Version: 3.6.5\nGit SHA: 1234"],
  ["kwokctl", "v0.8.0", "kwokctl version v0.8.0 go1.26.3 (linux/amd64)"],
  [
    "ollama",
    "v0.6.8",
    "Warning: could not connect to a running Ollama instance\nWarning: client version is 0.9.1",
  ],
])("a %s on PATH is used by what it says of itself", (name, version, answer) => {
  program(name, answer);
  expect(find(name, version)).toBe(bin(name));
});

test("one that is too old, or says nothing, is passed over", () => {
  program("helm", "v3.12.0");
  expect(find("helm", "v3.19.0")).toBeUndefined();
  program("etcd", "Segmentation fault");
  expect(find("etcd", "v3.6.6")).toBeUndefined();
  fs.writeFileSync(bin("kubectl"), "exit 1\n", { mode: 0o755 });
  expect(find("kubectl", "v1.35.4")).toBeUndefined();
  expect(find("ollama", "v0.6.8")).toBeUndefined();
});

test("a script, and a link to a program of another name, are passed over without being asked", () => {
  fs.writeFileSync(bin("etcd"), `#!/bin/sh\necho asked >> "${home}/asked"\necho etcd Version: 3.6.6\n`, {
    mode: 0o755,
  });
  expect(find("etcd", "v3.6.6")).toBeUndefined();
  program("mise", "v3.19.0");
  fs.symlinkSync(bin("mise"), bin("helm"));
  expect(find("helm", "v3.19.0")).toBeUndefined();
  expect(asked()).toEqual([]);
});

test("a link to the program is followed", () => {
  fs.mkdirSync(path.join(home, "bin", "cellar"));
  program("cellar/helm", "v3.19.0");
  fs.symlinkSync(bin("cellar/helm"), bin("helm"));
  expect(find("helm", "v3.19.0")).toBe(bin("helm"));
});

test("one that may be run and not be read is passed over without being asked", () => {
  program("helm", "v3.19.0");
  // Not by its mode: root may read it all the same.
  const open = jest.spyOn(fs, "openSync").mockImplementationOnce(() => {
    throw Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" });
  });
  try {
    expect(find("helm", "v3.19.0")).toBeUndefined();
    expect(open).toHaveBeenCalledWith(bin("helm"), "r");
  } finally {
    open.mockRestore();
  }
  expect(asked()).toEqual([]);
});
