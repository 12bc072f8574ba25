import * as fs from "node:fs";
import * as path from "node:path";
import { unlessMade } from "../../../../operations/terraform/kept-synthesis";
import { temporaryDirectory } from "../../sample-repository";

let root: string;
let output: string;
let made: number;
const lock = "cdktf.out/chat/stacks/apps/.terraform.lock.hcl";

beforeEach(() => {
  root = temporaryDirectory();
  output = path.join(root, "cdktf.out/chat");
  made = 0;
  write("environments/chat.yaml", "models: [tiny]");
  write("node_modules/.package-lock.json", "{}");
});

function write(file: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  fs.writeFileSync(path.join(root, file), text);
}

/** Synthesizes where that is due. @returns how often it has been by now */
async function synthesized(variables: NodeJS.ProcessEnv = {}): Promise<number> {
  await unlessMade({ root, variables, output }, async () => {
    made += 1;
    write("cdktf.out/chat/manifest.json", "{}");
    write("cdktf.out/chat/stacks/apps/cdk.tf.json", `{ "made": ${made} }`);
    write(lock, "");
  });
  return made;
}

test("what was synthesized stays where nothing has changed, whatever Terraform keeps beside it", async () => {
  expect(await synthesized({ CHARTS: "here", TF_VAR_password: "a", npm_command: "run" })).toBe(1);
  write("cdktf.out/chat/stacks/apps/.terraform/providers/helm", "program");
  write(lock, "provider");
  write("cdktf.out/chat/stacks/apps/diff-1/plan", "plan");
  write("state/chat/apps.tfstate", "{}");
  write("credentials/chat.env", "export TF_VAR_password=b");
  write("by-hand/.terraform/modules/modules.json", "{}");
  fs.symlinkSync(root, path.join(root, "by-hand/.terraform/providers"));
  expect(await synthesized({ CHARTS: "here", TF_VAR_password: "b", npm_command: "start" })).toBe(1);
});

test.each<[what: string, change: () => void]>([
  ["a file has other content of the same length", () => write("environments/chat.yaml", "models: [huge]")],
  ["a file has come, however deep", () => write("applications/chat/new/settings.ts", "")],
  ["a file has gone", () => fs.rmSync(path.join(root, "environments/chat.yaml"))],
  ["the providers were locked", () => write(".terraform.lock.hcl", 'provider "helm" {}')],
  ["packages were installed", () => write("node_modules/.package-lock.json", "{ }")],
  ["what was synthesized was changed", () => write("cdktf.out/chat/stacks/apps/cdk.tf.json", "{}")],
  ["the lock of a stack has gone", () => fs.rmSync(path.join(root, lock))],
  ["what was synthesized has gone", () => fs.rmSync(path.join(output, "stacks"), { recursive: true })],
])("it is synthesized anew where %s", async (_what, change) => {
  await synthesized();
  change();
  expect(await synthesized()).toBe(2);
  expect(await synthesized()).toBe(2);
});

test("a file is another one though a tool gives it the time of the old one", async () => {
  const file = path.join(root, "environments/chat.yaml");
  const { atime, mtime } = fs.statSync(file);
  await synthesized();
  write("environments/chat.yaml", "models: [huge]");
  fs.utimesSync(file, atime, mtime);
  expect(await synthesized()).toBe(2);
});

test("another variable, and another package of a chart, are another input", async () => {
  const charts = temporaryDirectory();
  fs.writeFileSync(path.join(charts, "chat-1.0.0.tgz"), "one");
  expect(await synthesized({ CHARTS_DIR: charts })).toBe(1);
  expect(await synthesized({ CHARTS_DIR: charts, DELETE_DATA: "chat" })).toBe(2);
  expect(await synthesized({ CHARTS_DIR: charts })).toBe(3);
  fs.writeFileSync(path.join(charts, "chat-1.0.0.tgz"), "two");
  expect(await synthesized({ CHARTS_DIR: charts })).toBe(4);
});

test("what was synthesized while another synthesis ended is nobody's", async () => {
  const other = () => synthesized({ DELETE_DATA: "chat" }).then(() => undefined);
  await unlessMade({ root, variables: {}, output }, other);
  expect(await synthesized()).toBe(2);
});

test("what failed was not synthesized", async () => {
  await synthesized();
  write("environments/chat.yaml", "models: {}");
  const failing = unlessMade({ root, variables: {}, output }, () => Promise.reject(new Error("wrong")));
  await expect(failing).rejects.toThrow("wrong");
  expect(await synthesized()).toBe(2);
});

test("nothing is kept where a folder is a link: what changes behind it is not seen", async () => {
  fs.symlinkSync(temporaryDirectory(), path.join(root, "values"));
  expect(await synthesized()).toBe(1);
  expect(await synthesized()).toBe(2);
});

test("what cannot be read is no fault of a synthesis that does not read it", async () => {
  const file = path.join(root, "CHARTS");
  fs.writeFileSync(file, "a file");
  fs.symlinkSync("loop", path.join(root, "loop"));
  fs.symlinkSync("nowhere", path.join(root, "values"));
  expect(await synthesized({ CHARTS_DIR: file })).toBe(1);
  expect(await synthesized({ CHARTS_DIR: file })).toBe(1);
  expect(await synthesized({ CHARTS_DIR: path.join(root, "none") })).toBe(2);
});
