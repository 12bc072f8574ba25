import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";
import { withRunningProviders } from "../../../../operations/terraform/running-providers";
import { waitFor } from "../../../wait-for";
import { repository, temporaryDirectory } from "../../sample-repository";

const root = temporaryDirectory();
const directory = path.join(root, "cdktf.out/sandbox/stacks/llm-apps");
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
  `[ -n "$TF_PLUGIN_MAGIC_COOKIE" ] || exit 1\necho "1|${protocol}|unix|$PWD/socket|grpc|"\nexec sleep 1000`;

beforeEach(() => {
  fs.rmSync(directory, { recursive: true, force: true });
  fs.mkdirSync(directory, { recursive: true });
  const versions = {
    helm: { source: "helm", version: "1.0.0" },
    tls: { source: "hashicorp/tls", version: "1.0.0" },
  };
  const stack = { terraform: { required_providers: versions } };
  fs.writeFileSync(path.join(directory, "cdk.tf.json"), JSON.stringify(stack));
});

const given = (variables = context.variables): Promise<string | undefined> =>
  withRunningProviders({ ...context, variables }, "llm-apps", async ({ providers }) => providers);

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
  const pids = await withRunningProviders(context, "llm-apps", async ({ providers = "" }) => {
    const told = JSON.parse(providers) as Record<string, { Pid: number }>;
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
    const found = Object.values(told).map(({ Pid }) => Pid);
    expect(found.every(isRunning)).toBe(true);
    return found;
  });
  await waitFor("the providers have ended", () => !pids.some(isRunning));
});

test("the providers end with whoever started them, also when that is killed", async () => {
  provider("helm", answers(6));
  provider("tls", answers(5));
  const script = `require("./operations/typescript.cjs");
    const { withRunningProviders } = require("./operations/terraform/running-providers.ts");
    const hold = setInterval(() => undefined, 1000);
    void withRunningProviders(${JSON.stringify(context)}, "llm-apps", ({ providers }) => {
      console.log(providers);
      return new Promise(() => hold);
    });`;
  const holder = spawn(process.execPath, ["--eval", script], {
    cwd: repository,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = (await once(holder.stdout, "data")) as [Buffer];
  const told = JSON.parse(said.toString()) as Record<string, { Pid: number }>;
  holder.kill("SIGKILL");
  await waitFor("the providers have ended", () => !Object.values(told).some(({ Pid }) => isRunning(Pid)));
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

test("Terraform starts them by itself where somebody debugs it or a provider", async () => {
  provider("helm", answers(6));
  provider("tls", answers(5));
  expect(await given({ ...context.variables, TF_LOG: "debug" } as typeof context.variables)).toBeUndefined();
});
