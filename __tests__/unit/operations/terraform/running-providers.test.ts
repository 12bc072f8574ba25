import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { withRunningProviders } from "../../../../operations/terraform/running-providers";
import { waitFor } from "../../../wait-for";
import { repository, temporaryDirectory } from "../../sample-repository";

const root = temporaryDirectory();
const stacks = path.join(root, "cdktf.out/sandbox/stacks");
const directory = path.join(stacks, "llm-apps");
const lockFile = path.join(directory, ".terraform.lock.hcl");
const environment = { name: "sandbox", engine: "terraform", state: { backend: "local" } } as const;
const context = { root, environment, variables: { PATH: process.env.PATH } };

/** A provider of a version that the stack names, or of another: a script. */
function provider(name: string, script: string, version = "1.0.0"): void {
  const folder = path.join(
    directory,
    `.terraform/providers/registry.terraform.io/hashicorp/${name}/${version}/linux_amd64`,
  );
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, `terraform-provider-${name}_v1`), `#!/bin/sh\n${script}\n`, {
    mode: 0o755,
  });
}

/** Says where it can be reached, as providers do, and stays. */
const answers = (protocol: number): string =>
  `[ -n "$TF_PLUGIN_MAGIC_COOKIE" ] || exit 1\nmkdir "$TMPDIR/plugin"; echo "$TMPDIR" >> folders; echo "1|${protocol}|unix|$PWD/socket|grpc|"\nexec sleep 1000`;

/** Those that the providers were given for their sockets. */
const foldersLeft = (): string[] =>
  fs.readFileSync(path.join(directory, "folders"), "utf8").trim().split("\n").filter(fs.existsSync);

beforeEach(() => {
  fs.rmSync(directory, { recursive: true, force: true });
  fs.mkdirSync(directory, { recursive: true });
  const versions = {
    helm: { source: "helm", version: "1.0.0" },
    tls: { source: "hashicorp/tls", version: "1.0.0" },
  };
  const stack = { terraform: { required_providers: versions } };
  fs.writeFileSync(path.join(directory, "cdk.tf.json"), JSON.stringify(stack));
  fs.writeFileSync(lockFile, "");
});

const given = (variables = context.variables, patienceMs?: number): Promise<string | undefined> =>
  withRunningProviders(
    { ...context, variables },
    ["llm-apps"],
    async (running) => (await running("llm-apps")).providers,
    patienceMs,
  );

const pidsIn = (providers = "{}"): number[] =>
  Object.values(JSON.parse(providers) as Record<string, { Pid: number }>).map(({ Pid }) => Pid);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("Terraform is told where the providers of a stack run, which end with the work", async () => {
  provider("helm", answers(6));
  provider("tls", answers(5));
  const pids = await withRunningProviders(context, ["llm-apps"], async (running) => {
    const { providers = "" } = await running("llm-apps");
    const told: unknown = JSON.parse(providers);
    const entry = (version: number) => ({
      Protocol: "grpc",
      ProtocolVersion: version,
      Pid: expect.any(Number) as number,
      Test: true,
      Addr: { Network: "unix", String: path.join(directory, "socket") },
    });
    expect(told).toEqual({
      "registry.terraform.io/hashicorp/helm": entry(6),
      "registry.terraform.io/hashicorp/tls": entry(5),
    });
    const found = pidsIn(providers);
    expect(found.every(isRunning)).toBe(true);
    expect(foldersLeft()).toHaveLength(2);
    return found;
  });
  await waitFor("the providers have ended", () => !pids.some(isRunning));
  await waitFor("nothing of them is left", () => !foldersLeft().length);
});

test("the providers end with whoever started them, also when that is killed", async () => {
  provider("helm", answers(6));
  provider("tls", answers(5));
  const script = `require("./operations/typescript.cjs");
    const { withRunningProviders } = require("./operations/terraform/running-providers.ts");
    const hold = setInterval(() => undefined, 1000);
    void withRunningProviders(${JSON.stringify(context)}, ["llm-apps"], async (running) => {
      console.log((await running("llm-apps")).providers);
      return new Promise(() => hold);
    });`;
  const holder = spawn(process.execPath, ["--eval", script], {
    cwd: repository,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await once(holder.stdout, "data")) as [Buffer];
  const pids = pidsIn(said.toString());
  holder.kill("SIGKILL");
  await waitFor("the providers have ended", () => !pids.some(isRunning));
  await waitFor("nothing of them is left", () => !foldersLeft().length);
});

test.each([
  ["once where both configure it alike", "kube.config", 1],
  ["for each where they configure it in two ways", "another.config", 2],
])("a provider that two stacks need runs %s", async (_words, other, count) => {
  const configurations = { foundation: "kube.config", "llm-apps": other };
  provider("tls", answers(5));
  fs.cpSync(directory, path.join(stacks, "foundation"), { recursive: true });
  for (const [stack, config_path] of Object.entries(configurations)) {
    const required_providers = { tls: { source: "hashicorp/tls", version: "1.0.0" } };
    fs.writeFileSync(
      path.join(stacks, stack, "cdk.tf.json"),
      JSON.stringify({ terraform: { required_providers }, provider: { tls: [{ config_path }] } }),
    );
  }
  const pids = await withRunningProviders(context, Object.keys(configurations), async (running) => {
    const told = await Promise.all(Object.keys(configurations).map(running));
    return told.flatMap(({ providers }) => pidsIn(providers));
  });
  expect(pids).toHaveLength(2);
  expect(new Set(pids).size).toBe(count);
});

test.each([
  ["is left to Terraform where nothing else is done with it", ["llm-apps"], ["helm"]],
  ["runs where another stack has resources of it", ["foundation", "llm-apps"], ["helm", "tls"]],
])("a provider that a stack only reads with %s", async (_words, planned, expected) => {
  provider("helm", answers(6));
  provider("tls", answers(5));
  const file = path.join(directory, "cdk.tf.json");
  const stack = JSON.parse(fs.readFileSync(file, "utf8")) as object;
  const write = (folder: string, blocks: object) =>
    fs.writeFileSync(path.join(folder, "cdk.tf.json"), JSON.stringify({ ...stack, ...blocks }));
  const foundation = path.join(stacks, "foundation");
  fs.cpSync(directory, foundation, { recursive: true });
  write(foundation, { resource: { tls_private_key: {} } });
  write(directory, { resource: { helm_release: {} }, data: { tls_public_key: {} } });
  const told = await withRunningProviders(
    context,
    planned,
    async (running) => (await running("llm-apps")).providers ?? "{}",
  );
  expect(Object.keys(JSON.parse(told) as object).map((name) => path.basename(name))).toEqual(expected);
});

// As Go's module proxy sums up a folder, which is what Terraform writes into its lock.
const sha256 = (text: string | Buffer) => createHash("sha256").update(text);

test.each([
  ["runs where it is", 0, (sum: string) => `["h1:${sum}", "zh:${"0".repeat(64)}"]`],
  ["is left to Terraform where it is not", 1, () => `["h1:${"A".repeat(43)}=", "zh:${"0".repeat(64)}"]`],
])("what the lock has a checksum of %s that package", async (_words, left, hashes) => {
  provider("helm", answers(6));
  provider("tls", answers(5));
  const folder = path.join(
    directory,
    ".terraform/providers/registry.terraform.io/hashicorp/tls/1.0.0/linux_amd64",
  );
  fs.writeFileSync(path.join(folder, "LICENSE"), "for all\n");
  const sums = ["LICENSE", "terraform-provider-tls_v1"].map(
    (file) => `${sha256(fs.readFileSync(path.join(folder, file))).digest("hex")}  ${file}\n`,
  );
  const sum = sha256(sums.join("")).digest("base64");
  fs.writeFileSync(
    lockFile,
    `provider "registry.terraform.io/hashicorp/tls" {\n  version = "1.0.0"\n  hashes = ${hashes(sum)}\n}\n`,
  );
  expect(pidsIn(await given())).toHaveLength(left ? 0 : 2);
});

test.each<[string, () => void]>([
  ["is missing", () => fs.rmSync(path.join(directory, ".terraform"), { recursive: true, force: true })],
  ["is of another version than the stack names", () => provider("tls", answers(5), "0.9.0")],
  ["ends without an answer", () => provider("tls", "echo no memory; exit 1")],
])("Terraform starts all of them by itself where one %s", async (_what, make) => {
  provider("helm", answers(6));
  make();
  expect(await given()).toBeUndefined();
});

test("Terraform starts all of them by itself where one does not answer, which ends", async () => {
  provider("helm", answers(6));
  provider("tls", "echo $$ > pid; exec sleep 1000");
  expect(await given(context.variables, 3000)).toBeUndefined();
  const pid = Number(fs.readFileSync(path.join(directory, "pid"), "utf8"));
  await waitFor("the provider has ended", () => !isRunning(pid));
});

test("Terraform starts them by itself where somebody debugs it or a provider", async () => {
  provider("helm", answers(6));
  provider("tls", answers(5));
  expect(await given({ ...context.variables, TF_LOG: "debug" } as typeof context.variables)).toBeUndefined();
});
