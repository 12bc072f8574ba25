import type { V1CronJob } from "@kubernetes/client-node";
import execa from "execa";
import * as fs from "node:fs";
import { neededRights } from "../../operations/doctor/needed-rights";
import { loadEnvironment } from "../../applications/load-environment";
import { BackupContainer, password } from "../backup-container";
import { Clone } from "../clone";
import { executeInPods } from "../executed-pods";
import { kubeconfigFor } from "../kubeconfig-for";
import { skippedUnless } from "../skipped-unless";
import { temporaryDirectory } from "../unit/sample-repository";
import { waitFor } from "../wait-for";

// One platform, deployed, saved and restored through a real API server by somebody who has the rights that the doctor asks for
// and no others. The kubelet is a simulation that runs what is executed in a pod on this machine, with stand-ins for MongoDB's
// tools. Each test begins where the one before it ended.
const linuxTest = skippedUnless(process.platform === "linux", "the image of its pods has the tools of GNU");

jest.setTimeout(300_000);

let clone: Clone;
let container: BackupContainer;
let kubeconfig: string;

const identity = "AGE-SECRET-KEY-1HKH280WQQGAY5PTUEHNR25E83LK7M5TGHMHJ09UUV3XGPU03D43S2MU7RD";
const recipient = "age1eq2qmrc26kd5qnwe2jc8e8qwk2v6mma7nyfxfkt37aec4z2vsdqqzy02zu";
const variables = () => ({ CLUSTER_KUBECONFIG: kubeconfig, SOPS_AGE_KEY: identity });

const run = (command: string, ...args: string[]) =>
  clone.npm(command, ["--environment", "sandbox", ...args], variables());
const archive = (): string => clone.file("chat.tar.age");
const beginning = (): string => fs.readFileSync(archive(), "latin1").slice(0, 21);
const pods = async (): Promise<string[]> =>
  (await clone.list("pods", "-n", "librechat")).map(({ metadata }) => metadata.name);

beforeAll(async () => {
  clone = new Clone();
  const backup = `backup: { schedule: "@daily", keep: 2, recipients: [${recipient}] }`;
  clone.replace("environments/sandbox.yaml", "  librechat:\n", `  librechat:\n    ${backup}\n`);
  kubeconfig = clone.file("deployer");
  await clone.npm("secrets", ["generate", "--environment", "sandbox"]);
  await clone.startCluster();
  const environment = loadEnvironment(clone.root, "sandbox");
  const rights = neededRights(environment, ["ollama", "librechat"]).map(({ resource, name, verbs }) => {
    const [, plural = "", group = "", subresource = ""] = /^(\w+)\.?([\w.]*)(.*)$/.exec(resource) ?? [];
    return {
      ...{ apiGroups: [group], resources: [`${plural}${subresource}`], verbs },
      ...(name && { resourceNames: [name] }),
    };
  });
  fs.writeFileSync(kubeconfig, await kubeconfigFor(clone, "deployer", rights));
  const { exitCode, output } = await run("deploy", "--yes");
  if (exitCode !== 0) throw new Error(output);
  const { data } = await clone.get("configmap", "librechat-backup", "--namespace", "librechat");
  container = new BackupContainer(temporaryDirectory(), data as { readonly [file: string]: string });
  await executeInPods(clone, "librechat", container);
}, 600_000);

afterAll(() => clone.remove());

linuxTest("what is restored is what was saved, and the history tells both", async () => {
  container.fill();
  const before = container.data();
  const saved = await run("backup", "--to", archive());
  expect(saved.output).toContain("database: 2 documents, 0.0 kB; uploads: 2 files, 9.0 MB; images: 1 files");
  expect([saved.exitCode, beginning()]).toEqual([0, "age-encryption.org/v1"]);
  container.empty();
  const restored = await run("restore", archive(), "--yes");
  expect(restored.output).toContain("librechat of sandbox has what chat.tar.age holds");
  expect(restored.exitCode).toBe(0);
  expect(container.data()).toEqual(before);
  expect((await pods()).filter((name) => name.startsWith("librechat-backup"))).toEqual([]);
  // What was stopped runs again.
  expect((await clone.get("deployment", "librechat-librechat", "-n", "librechat")).status).toMatchObject({
    readyReplicas: 1,
  });
  const { spec } = await clone.get<V1CronJob>("cronjob", "librechat-backup", "-n", "librechat");
  expect(spec?.suspend).toBe(false);
  const history = await run("history");
  expect(history.output).toMatch(/backup[\s\S]*restore|restore[\s\S]*backup/);
  expect(saved.output + restored.output + history.output).not.toContain(password);
});

linuxTest("what the schedule saves is encrypted, and is restored by whoever has the key", async () => {
  container.fill();
  const before = container.data();
  const cronJob = await clone.get<V1CronJob>("cronjob", "librechat-backup", "--namespace", "librechat");
  const [{ command = [], env = [] } = {}] = cronJob.spec?.jobTemplate.spec?.template.spec?.containers ?? [];
  const own = env.flatMap(({ name, value }) =>
    value === undefined || name === "HOME" ? [] : [[name, value]],
  );
  const [program = "", ...args] = command;
  await execa(program, args, {
    cwd: container.directory,
    env: { ...container.variables, ...Object.fromEntries(own) },
  });
  fs.rmSync(archive());
  const fetched = await run("backup", "--scheduled", "--to", archive());
  expect([fetched.exitCode, beginning()]).toEqual([0, "age-encryption.org/v1"]);
  container.empty();
  const restored = await run("restore", archive(), "--yes");
  expect([restored.exitCode, container.data()]).toEqual([0, before]);
});

linuxTest("a backup that is interrupted leaves neither a file nor a pod", async () => {
  container.make("hold");
  const args = ["--environment", "sandbox", "--to", clone.file("half.tar")];
  const running = clone.npmBegun("backup", args, variables());
  const halves = () => fs.readdirSync(clone.root).filter((name) => name.startsWith("half.tar"));
  await waitFor("it writes", () => halves().length > 0);
  running.signal("SIGINT");
  const { exitCode, output } = await running.ended();
  expect([exitCode, output]).toEqual([1, expect.stringContaining("interrupted: no archive was written")]);
  expect(halves()).toEqual([]);
  expect((await pods()).filter((name) => name.startsWith("librechat-backup"))).toEqual([]);
});

test("the cluster lets the pods of the schedule in, under its quota and Pod Security", async () => {
  await clone.kubectl("-n", "librechat", "create", "job", "now", "--from=cronjob/librechat-backup");
  await clone.kubectl("-n", "librechat", "wait", "job/now", "--for=condition=Complete", "--timeout=60s");
  // That was by hand.
  expect((await run("verify", "--no-chat")).output).toMatch(
    /not checked +librechat scheduled backup: none was due yet/,
  );
});
