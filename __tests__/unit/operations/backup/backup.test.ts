import execa from "execa";
import * as fs from "node:fs";
import * as path from "node:path";
import * as tar from "tar";
import type { DeployRecord } from "../../../../operations/cluster/deploy-record";
import { releasesOf } from "../../../../applications/releases";
import { releaseValues } from "../../../../applications/release-values";
import { loadSettings } from "../../../../applications/load-settings";
import { valueAt } from "../../../../settings/yaml-file";
import { skippedUnless } from "../../../skipped-unless";
import { waitFor } from "../../../wait-for";
import { repository, sampleRepository, temporaryDirectory } from "../../sample-repository";
import { BackupContainer, password } from "../../../backup-container";
import { StandInCluster } from "./stand-in-cluster";

// The image of its pods has the tools of GNU.
const linuxTest = skippedUnless(process.platform === "linux", "its pods run Linux");

jest.setTimeout(120_000);

/** What is deployed for backups by a schedule: the files of its program, and the CronJob. */
function deployed(target = "") {
  const sample = sampleRepository();
  const backup = `    backup: { schedule: "@daily", keep: 2${target} }`;
  sample.edit("environments/minikube-cpu.yaml", "  librechat:\n", `  librechat:\n${backup}\n`);
  const settings = loadSettings(sample.root, { ENVIRONMENT: "minikube-cpu" });
  const [, librechat] = releasesOf(settings.environment);
  const [{ data }, cronJob] = valueAt(releaseValues(settings, librechat!), ["mongodb", "extraDeploy"]) as [
    { readonly data: { readonly [file: string]: string } },
    { readonly metadata: { readonly name: string } },
  ];
  return { program: data, cronJob };
}
const { program, cronJob } = deployed();
const cronJobPath = `/apis/batch/v1/namespaces/librechat/cronjobs/${cronJob.metadata.name}`;

const identity = "AGE-SECRET-KEY-1HKH280WQQGAY5PTUEHNR25E83LK7M5TGHMHJ09UUV3XGPU03D43S2MU7RD";
const anotherIdentity = "AGE-SECRET-KEY-15U8GNHCRDLEDALMRDXF7K7MKP0CUGG9E7Q2ZKKCD85VZNVK7N0ZSVNDXXM";
const recipient = "age1eq2qmrc26kd5qnwe2jc8e8qwk2v6mma7nyfxfkt37aec4z2vsdqqzy02zu";

let directory: string;
let container: BackupContainer;
let cluster: StandInCluster;
let kubeconfig: string;

const inDirectory = (file: string): string => path.join(directory, file);

beforeEach(async () => {
  directory = temporaryDirectory();
  container = new BackupContainer(directory, program);
  cluster = new StandInCluster(() => container);
  const labels = {
    "app.kubernetes.io/name": "librechat-librechat",
    "app.kubernetes.io/instance": "librechat",
  };
  const web = { metadata: { name: "web", labels } };
  const deployments = "/apis/apps/v1/namespaces/librechat/deployments";
  cluster.objects.set(cronJobPath, cronJob);
  cluster.objects.set(`${deployments}/web`, { ...web, spec: { replicas: 1, template: web } as object });
  const server = await cluster.listen();
  kubeconfig = inDirectory("kubeconfig");
  fs.writeFileSync(
    kubeconfig,
    JSON.stringify({
      ...{ apiVersion: "v1", kind: "Config" },
      clusters: [{ name: "minikube", cluster: { server, "insecure-skip-tls-verify": true } }],
      contexts: [{ name: "minikube", context: { cluster: "minikube", user: "mira" } }],
      users: [{ name: "mira", user: {} }],
    }),
  );
});
afterEach(() => cluster.close());

/** @param bash its arguments, where it is to start the program that comes behind them */
function npm(
  command: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
  bash: readonly string[] = [],
) {
  const entry = path.join(repository, "operations/entry.mjs");
  return execa(
    bash.length ? "bash" : process.execPath,
    [...bash, entry, command, "--environment", "minikube-cpu", ...args],
    {
      cwd: repository,
      env: { PATH: process.env.PATH, HOME: directory, CLUSTER_KUBECONFIG: kubeconfig, ...variables },
      ...{ extendEnv: false, reject: false, all: true, timeout: 90_000 },
    },
  );
}

function records(): DeployRecord[] {
  const found = [...cluster.objects].find(([name]) => name.endsWith("-records"))?.[1] as
    { readonly data: { readonly [id: string]: string } } | undefined;
  return Object.values(found?.data ?? {}).map((text) => JSON.parse(text) as DeployRecord);
}

/** What is there beside what was there before: pods that were made, and halves of archives. */
const left = (): string[] => [
  ...[...cluster.objects.keys()].filter((name) => name.includes("/pods/librechat-backup")),
  ...fs.readdirSync(directory).filter((name) => name.includes("partial") || name.startsWith("tmp.")),
];

linuxTest("what is restored into an empty platform is what was saved, and both are recorded", async () => {
  container.fill();
  const before = container.data();
  const saved = await npm("backup", ["--to", inDirectory("chat.tar")]);
  expect(saved.all).toContain("database: 2 documents, 0.0 kB; uploads: 2 files, 9.0 MB; images: 1 files");
  // On the way.
  for (const part of ["database", "uploads", "images"])
    expect(saved.all).toMatch(new RegExp(`^ +${part}: `, "m"));
  expect(saved.exitCode).toBe(0);
  container.empty();
  const restored = await npm("restore", [inDirectory("chat.tar"), "--yes"]);
  expect(restored.all).toContain("librechat of minikube-cpu has what chat.tar holds");
  expect(restored.all).toMatch(/^ +uploads: 9.0 MB$/m);
  expect(restored.exitCode).toBe(0);
  expect(container.data()).toEqual(before);
  expect(
    records()
      .map(({ action, result }) => `${action} ${result}`)
      .sort(),
  ).toEqual(["backup succeeded", "restore succeeded"]);
  expect(JSON.stringify([saved.all, restored.all, records(), cluster.changes])).not.toContain(password);
  expect(left()).toEqual([]);
  // Nobody writes meanwhile.
  expect(cluster.changes.filter((change) => change.endsWith("/scale"))).toHaveLength(2);
});

linuxTest("a platform in use is replaced for whoever types its name, and for nobody else", async () => {
  container.fill();
  await npm("backup", ["--to", inDirectory("chat.tar")]);
  const before = container.data();
  container.write("mallory\n");
  fs.writeFileSync(container.file("uploads/new.txt"), "comes later");
  const used = container.data();
  const asked = await npm("restore", [inDirectory("chat.tar"), "--yes"]);
  expect(asked.all).toContain("which has 1 users and 4 files? nobody can answer here, and --yes does not");
  expect([asked.exitCode, container.data()]).toEqual([1, used]);
  const { exitCode } = await npm("restore", [inDirectory("chat.tar"), "--replace-data", "minikube-cpu"]);
  expect([exitCode, container.data()]).toEqual([0, before]);
});

linuxTest("nothing is restored while a backup is made by the schedule", async () => {
  container.fill();
  await npm("backup", ["--to", inDirectory("chat.tar")]);
  container.empty();
  const empty = container.data();
  const active = { ...cronJob, status: { active: [{ name: "librechat-backup-1" }] } };
  cluster.objects.set(cronJobPath, active);
  const { all, exitCode } = await npm("restore", [inDirectory("chat.tar"), "--yes"]);
  const why =
    "nothing was changed: a scheduled backup of librechat is being made (Job librechat/librechat-backup-1)";
  expect([exitCode, all]).toEqual([1, expect.stringContaining(why)]);
  expect(container.data()).toEqual(empty);
  expect(cluster.changes.filter((change) => change.endsWith("/scale"))).toEqual([]);
});

linuxTest("an archive that is encrypted shows nothing of what is in it, but to its key", async () => {
  container.fill();
  const before = container.data();
  const file = inDirectory("chat.tar.age");
  expect((await npm("backup", ["--to", file, "--recipient", recipient])).all).toContain("; encrypted");
  expect(fs.readFileSync(file, "latin1")).not.toMatch(/anna|document|manifest/);
  container.empty();
  for (const [key, expected] of [
    ["", "none of the 0 keys that are here decrypts it"],
    [anotherIdentity, "none of the 1 keys that are here decrypts it"],
    ["AGE-SECRET-KEY-1MISTYPED", "a key of age is damaged, or of a kind that is not known here"],
  ] as const) {
    const { all, exitCode } = await npm("restore", [file, "--yes"], { SOPS_AGE_KEY: key });
    expect([all, exitCode]).toEqual([expect.stringContaining(expected), 1]);
    if (key) expect(all).not.toContain(key);
  }
  const restored = await npm("restore", [file, "--yes"], { SOPS_AGE_KEY: identity });
  expect([restored.exitCode, container.data()]).toEqual([0, before]);
});

linuxTest("fails before anything is touched for what is a half, was changed, or is newer", async () => {
  container.fill();
  await npm("backup", ["--to", inDirectory("chat.tar")]);
  const whole = fs.readFileSync(inDirectory("chat.tar"));
  const changed = (found: string, replacement: string): Buffer => {
    const text = whole.toString("latin1");
    expect(text).toContain(found);
    return Buffer.from(text.replace(found, replacement), "latin1");
  };
  const before = container.data();
  const changes = [...cluster.changes];
  fs.writeFileSync(container.file("a"), "a file of somebody's");
  const names = ["../pod/a"];
  const foreign = tar.create({ sync: true, cwd: container.directory, preservePaths: true }, names).read()!;
  for (const [bytes, why] of [
    [whole.subarray(0, 9_000_000), "chat.tar: it is a half: its end, with the checksums, is missing"],
    [changed("a document", "a forgery!"), "chat.tar: the checksum of uploads is another one"],
    [changed('"format":1', '"format":2'), "chat.tar: its form is 2, and this program knows 1"],
    [Buffer.from("no archive at all\n".repeat(99)), "chat.tar: it is damaged, or no archive"],
    [foreign, 'chat.tar: it holds "../pod/a", which no archive of npm run backup does'],
    [Buffer.alloc(0), "chat.tar: it is a half"],
  ] as const) {
    fs.writeFileSync(inDirectory("chat.tar"), bytes);
    const { all, exitCode } = await npm("restore", [inDirectory("chat.tar"), "--yes"]);
    expect([all, exitCode]).toEqual([expect.stringContaining(why), 1]);
  }
  expect([container.data(), cluster.changes]).toEqual([before, changes]);
});

linuxTest("fails before anything is touched for what is encrypted and a half", async () => {
  container.fill();
  await npm("backup", ["--to", inDirectory("whole.age"), "--recipient", recipient]);
  const whole = fs.readFileSync(inDirectory("whole.age"));
  const changes = [...cluster.changes];
  for (const bytes of [
    whole.subarray(0, 5_000_000),
    whole.subarray(0, 100),
    Buffer.concat([whole.subarray(0, 30), Buffer.alloc(99)]),
  ]) {
    fs.writeFileSync(inDirectory("half.age"), bytes);
    const variables = { SOPS_AGE_KEY: identity };
    const { all, exitCode } = await npm("restore", [inDirectory("half.age"), "--yes"], variables);
    const why = "half.age: it is a half, or was damaged: nothing of it is used";
    expect([all, exitCode]).toEqual([expect.stringContaining(why), 1]);
    expect(all).not.toMatch(/^ +at /m);
  }
  expect(cluster.changes).toEqual(changes);
});

linuxTest(
  "fails before a pod is made for what is no public key, and for what is no file or no new one",
  async () => {
    const backup = await npm("backup", ["--to", inDirectory("chat.tar"), "--recipient", "age1mistyped"]);
    expect([backup.exitCode, backup.all]).toEqual([
      1,
      expect.stringContaining("--recipient: found age1mistyped"),
    ]);
    fs.writeFileSync(inDirectory("there"), "");
    for (const to of ["", inDirectory("there"), inDirectory("there/chat.tar")]) {
      const { all, exitCode } = await npm("backup", ["--to", to]);
      expect([exitCode, all]).toEqual([1, expect.stringMatching(/^--to: found .*(is there|empty|EEXIST)/)]);
    }
    for (const [file, why] of [
      [directory, "is no file: expected one that npm run backup wrote"],
      [inDirectory("nowhere"), "is not there: expected a file that npm run backup wrote"],
      ["/proc/self/mem", "cannot be read or written (EIO: what it lies on has an error)"],
    ] as const) {
      const { all, exitCode } = await npm("restore", [file, "--yes"]);
      expect([exitCode, all]).toEqual([1, expect.stringContaining(`${file}: ${why}`)]);
    }
    expect(cluster.changes).toEqual([]);
  },
);

skippedUnless(process.getuid?.() !== 0, "root may read every file")(
  "fails for an archive that this user may not read",
  async () => {
    fs.writeFileSync(inDirectory("chat.tar"), "", { mode: 0 });
    const { all, exitCode } = await npm("restore", [inDirectory("chat.tar"), "--yes"]);
    const why = `${inDirectory("chat.tar")}: cannot be read or written (EACCES: this user may not)`;
    expect([exitCode, all]).toEqual([1, expect.stringContaining(why)]);
    expect(all).not.toMatch(/^ +at /m);
  },
);

linuxTest("fails without a file, a pod or a password where the database cannot be saved", async () => {
  container.fill();
  container.make("broken");
  const { all, exitCode } = await npm("backup", ["--to", inDirectory("chat.tar")]);
  expect([all, exitCode]).toEqual([expect.stringContaining("mongodump: cannot log in with ***"), 1]);
  expect(fs.existsSync(inDirectory("chat.tar"))).toBe(false);
  expect(left()).toEqual([]);
  expect(records()).toMatchObject([{ action: "backup", result: "failed" }]);
  expect(JSON.stringify([all, records()])).not.toContain(password);
});

linuxTest("fails without a file or a pod where the file cannot be written to its end", async () => {
  container.fill();
  const limited = ["-c", 'ulimit -f 1024; exec "$0" "$@"', process.execPath];
  for (const more of [[], ["--recipient", recipient]]) {
    const { all, exitCode } = await npm("backup", ["--to", inDirectory("chat.tar"), ...more], {}, limited);
    const why = `--to: found ${inDirectory("chat.tar")}, which cannot be written: EFBIG: name another place`;
    expect([all, exitCode]).toEqual([expect.stringContaining(why), 1]);
    expect(left().filter((name) => !name.startsWith("tmp."))).toEqual([]);
  }
});

linuxTest("leaves neither a file nor a pod where it is interrupted", async () => {
  container.fill();
  container.make("hold");
  const running = npm("backup", ["--to", inDirectory("chat.tar")]);
  await waitFor("it writes", () => left().some((name) => name.startsWith("chat.tar")));
  running.kill("SIGINT");
  const { all, exitCode } = await running;
  expect([all, exitCode]).toEqual([expect.stringContaining("interrupted: no archive was written"), 1]);
  await waitFor("what ran in the pod is gone", () => left().every((name) => name.startsWith("tmp.")));
  expect(records()).toMatchObject([{ action: "backup", result: "interrupted" }]);
});

linuxTest("a pod that a killed backup left is removed by the next, and none of a schedule is", async () => {
  container.fill();
  container.make("hold");
  const pods = "/api/v1/namespaces/librechat/pods";
  const ofJob = { generateName: "librechat-backup-", ownerReferences: [{ kind: "Job" }] };
  cluster.objects.set(`${pods}/scheduled`, { metadata: ofJob });
  const running = npm("backup", ["--to", inDirectory("chat.tar")]);
  await waitFor("it writes", () => left().some((name) => name.startsWith("chat.tar")));
  running.kill("SIGKILL");
  await running;
  const names = (): string[] => [...cluster.objects.keys()].filter((name) => name.startsWith(pods));
  expect(names()).toEqual([`${pods}/scheduled`, `${pods}/librechat-backup-x7k2q`]);
  // Its lock is nobody's after 15 s.
  for (const name of cluster.objects.keys()) if (name.includes("/leases/")) cluster.objects.delete(name);
  container.mend();
  const { all, exitCode } = await npm("backup", ["--to", inDirectory("chat.tar")]);
  expect([all, exitCode]).toEqual([
    expect.stringContaining("removing Pod librechat/librechat-backup-x7k2q, which a backup or restore left"),
    0,
  ]);
  expect(names()).toEqual([`${pods}/scheduled`]);
});

linuxTest(
  "a restore that is interrupted says what is missing, and the same again makes it whole",
  async () => {
    container.fill();
    const before = container.data();
    await npm("backup", ["--to", inDirectory("chat.tar")]);
    container.empty();
    container.make("hold");
    const running = npm("restore", [inDirectory("chat.tar"), "--yes"]);
    await waitFor("the database is being restored", () => container.isHeld());
    running.kill("SIGINT");
    const { all, exitCode } = await running;
    const found = "interrupted: the data is restored in part (database is not): run this again";
    expect([all, exitCode]).toEqual([expect.stringContaining(found), 1]);
    expect(all).toContain("librechat stays stopped until this is run again and comes to its end");
    const replicas = () => {
      const web = cluster.objects.get("/apis/apps/v1/namespaces/librechat/deployments/web");
      return web?.spec?.replicas;
    };
    const isSuspended = () => cluster.objects.get(cronJobPath)?.spec?.suspend;
    // What a schedule would save is a half.
    expect([replicas(), isSuspended()]).toEqual([0, true]);
    expect(left().filter((name) => !name.startsWith("tmp."))).toEqual([]);
    container.mend();
    expect((await npm("restore", [inDirectory("chat.tar"), "--yes"])).exitCode).toBe(0);
    // The environment has no schedule.
    expect([container.data(), replicas(), isSuspended()]).toEqual([before, 1, true]);
    expect(
      records()
        .map(({ action, result }) => `${action} ${result}`)
        .sort(),
    ).toEqual(["backup succeeded", "restore interrupted", "restore succeeded"]);
  },
);

linuxTest("the schedule keeps as many as it is told, each whole, and the newest is fetched", async () => {
  container.fill();
  const before = container.data();
  for (const time of ["2026-01-01T030000Z", "2026-01-02T030000Z"]) {
    fs.writeFileSync(container.file(`backups/${time}.tar`), "older");
  }
  fs.writeFileSync(container.file("backups/2026-01-03T030000Z.tar.partial"), "a half of one that was killed");
  await execa("bash", ["program/backup.sh", "scheduled"], {
    cwd: container.directory,
    env: container.variables,
  });
  const [newest = "", ...older] = fs.readdirSync(container.file("backups")).sort().reverse();
  expect([/^20\d\d-\d\d-\d\dT\d{6}Z\.tar$/.test(newest), older]).toEqual([true, ["2026-01-02T030000Z.tar"]]);
  await npm("backup", ["--to", inDirectory("chat.tar"), "--scheduled"]);
  const fetched = fs.readFileSync(inDirectory("chat.tar"));
  expect(fetched.equals(fs.readFileSync(container.file(`backups/${newest}`)))).toBe(true);
  const half = await npm("backup", ["--to", inDirectory("old.tar"), "--scheduled", older[0] ?? ""]);
  expect([half.exitCode, fs.existsSync(inDirectory("old.tar"))]).toEqual([1, false]);
  container.empty();
  await npm("restore", [inDirectory("chat.tar"), "--yes"]);
  expect(container.data()).toEqual(before);
  const names: string[] = [];
  tar.list({
    file: inDirectory("chat.tar"),
    sync: true,
    onReadEntry: (entry) => void names.push(entry.path),
  });
  // What any tar can read.
  expect(names).toEqual([
    "database/000000",
    "uploads/000000",
    "uploads/000001",
    "images/000000",
    "manifest.json",
  ]);
});

linuxTest("what the schedule encrypts is checked and restored by whoever has one of its keys", async () => {
  const another = "age1z536vl8v5fhwmfsudxz6drdxk92el2jvkt7vy0vhqz2a74gvsadsq8q4cl";
  const { program } = deployed(`, recipients: [${another}, ${recipient}]`);
  for (const [name, text] of Object.entries(program))
    fs.writeFileSync(container.file(`program/${name}`), text);
  container.fill();
  for (const day of ["01", "02"]) {
    fs.writeFileSync(container.file(`backups/2026-01-${day}T030000Z.tar`), "from before there was a key");
  }
  const before = container.data();
  const run = () =>
    execa("bash", ["program/backup.sh", "scheduled"], {
      cwd: container.directory,
      env: { ...container.variables, RECIPIENTS: `${another} ${recipient}` },
      reject: false,
    });
  expect((await run()).exitCode).toBe(0);
  const kept = fs.readdirSync(container.file("backups")).sort();
  const [older, newest = ""] = kept;
  expect([older, kept.length]).toEqual(["2026-01-02T030000Z.tar", 2]);
  const stored = fs.readFileSync(container.file(`backups/${newest}`), "latin1");
  expect(stored).toMatch(/^age-encryption\.org\/v1\n-> X25519 /);
  expect(stored).not.toMatch(/anna|document|manifest|chatter/);
  const fetch = (key: string, ...args: string[]) =>
    npm("backup", ["--to", inDirectory("chat.tar.age"), "--scheduled", ...args], { SOPS_AGE_KEY: key });
  const inClear = await fetch(identity);
  expect(inClear.all).toContain(`found ${newest}, which is encrypted, and no public key`);
  const withoutKey = await fetch("", "--recipient", another);
  expect(withoutKey.all).toContain("none of the 0 keys that are here decrypts it");
  expect([inClear.exitCode, withoutKey.exitCode]).toEqual([1, 1]);
  expect(left().filter((name) => !name.startsWith("tmp."))).toEqual([]);
  const fetched = await fetch(anotherIdentity, "--recipient", recipient);
  expect([fetched.exitCode, fetched.all]).toEqual([0, expect.stringContaining("; encrypted")]);
  container.empty();
  const restored = await npm("restore", [inDirectory("chat.tar.age"), "--yes"], { SOPS_AGE_KEY: identity });
  expect([restored.exitCode, container.data()]).toEqual([0, before]);
  // What fails on the way has no end, though what encrypts would give it one.
  container.make("broken");
  expect((await run()).exitCode).toBe(1);
  const names = fs.readdirSync(container.file("backups")).filter((name) => !name.endsWith(".partial"));
  expect(names.sort()).toEqual(kept);
});

/** A bucket is a folder: rclone, as far as what calls it can tell. An object is there once all of it has come. */
const rclone = `#!/bin/bash
set -e
where() { echo "$STORE/\${1#:s3:}"; }
case $1 in
rcat)
  file=$(where "$2")
  mkdir -p "$(dirname "$file")"
  trap 'echo aborted >> "$STORE/log"; exit 143' TERM
  : > "$TAKEN"
  exec 4<&0
  cat <&4 > "$STORE/part" & wait $!
  mv "$STORE/part" "$file" ;;
lsf) ls -p "$(where "$3")" | grep -v / ;;
cat) cat "$(where "$2")" ;;
deletefile) rm "$(where "$2")" ;;
cleanup) echo "cleaned $2" >> "$STORE/log" ;;
esac
`;

linuxTest("a bucket keeps as many as it is told, has no half of any, and loses nothing else", async () => {
  const { program } = deployed(`, s3: { bucket: chat, prefix: team/a }, recipients: [${recipient}]`);
  for (const [name, text] of Object.entries(program))
    fs.writeFileSync(container.file(`program/${name}`), text);
  fs.mkdirSync(container.file("client"));
  fs.writeFileSync(container.file("client/rclone"), rclone, { mode: 0o755 });
  const store = inDirectory("store");
  const objects = (): string[] => fs.readdirSync(path.join(store, "chat/team/a")).sort();
  fs.mkdirSync(path.join(store, "chat/team/a/others"), { recursive: true });
  for (const name of ["2026-01-01T030000Z.tar", "2026-01-02T030000Z.tar", "photos.tar", "9999"]) {
    fs.writeFileSync(path.join(store, "chat/team/a", name), "older");
  }
  container.fill();
  const before = container.data();
  const env = { ...container.variables, STORE: store, BUCKET: "chat/team/a", TAKEN: inDirectory("taken") };
  const running = (more: NodeJS.ProcessEnv, ...args: string[]) =>
    execa("bash", ["program/backup.sh", ...args], {
      cwd: container.directory,
      env: { ...env, ...more },
      reject: false,
    });
  const run = (...args: string[]) => running({}, ...args);
  expect((await run("scheduled")).stdout).toMatch(/^chat\/team\/a\/20\d\d-\d\d-\d\dT\d{6}Z\.tar$/);
  const [second, newest = "", ...others] = objects();
  expect([second, others]).toEqual(["2026-01-02T030000Z.tar", ["9999", "others", "photos.tar"]]);
  expect((await run("kept")).stdout).toBe(`${newest}\n2026-01-02T030000Z.tar`);
  await execa("bash", ["-c", `bash program/backup.sh fetch ${newest} > "$STORE/fetched"`], {
    cwd: container.directory,
    env,
  });
  container.empty();
  await npm("restore", [path.join(store, "fetched"), "--yes"]);
  expect(container.data()).toEqual(before);

  const encrypts = { RECIPIENTS: recipient };
  const { stdout } = await running(encrypts, "scheduled");
  const encrypted = path.basename(stdout);
  expect((await run("kept")).stdout).toBe(`${encrypted}\n${newest}`);
  const stored = fs.readFileSync(path.join(store, "chat/team/a", encrypted), "latin1");
  expect([encrypted.endsWith("Z.tar.age"), stored.slice(0, 21)]).toEqual([true, "age-encryption.org/v1"]);

  container.make("broken");
  for (const variables of [{}, encrypts]) {
    fs.rmSync(inDirectory("taken"));
    const { exitCode, stderr } = await running(variables, "scheduled");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("mongodump: cannot log in with ***")]);
  }
  expect(objects()).toHaveLength(5);
  const cleaned = "cleaned :s3:chat/team/a\n";
  expect(fs.readFileSync(path.join(store, "log"), "utf8")).toBe(`${cleaned}${cleaned}aborted\naborted\n`);
});

linuxTest("what no schedule has made is told", async () => {
  fs.rmSync(container.file("program/target.sh"));
  const { all, exitCode } = await npm("backup", ["--to", inDirectory("chat.tar"), "--scheduled"]);
  expect([exitCode, all]).toEqual([1, expect.stringContaining("it has no schedule: backup.schedule")]);
});
