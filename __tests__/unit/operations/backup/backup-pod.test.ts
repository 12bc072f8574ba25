import execa from "execa";
import * as fs from "node:fs";
import * as path from "node:path";
import { untilUnheard } from "../../../../operations/backup/backup-pod";
import { skippedUnless } from "../../../skipped-unless";
import { repository, temporaryDirectory } from "../../sample-repository";
import { StandInCluster } from "./stand-in-cluster";

const linuxTest = skippedUnless(process.platform === "linux", "its pods run Linux");

linuxTest(
  "a pod ends where it was not heard of for five minutes, and begins anew with each word",
  async () => {
    const directory = temporaryDirectory();
    const file = (name: string): string => path.join(directory, name);
    // Time goes on as it is told: what happens meanwhile is a line.
    fs.writeFileSync(file("sleep"), `#!/bin/bash\necho "$1" >&2\nread -r happens\neval "$happens"\n`, {
      mode: 0o755,
    });
    const nothing = (times: number): string[] => new Array<string>(times).fill("");
    const { stdout, stderr, exitCode } = await execa("bash", ["-c", untilUnheard], {
      env: { PATH: `${directory}:${process.env.PATH}`, TMPDIR: directory },
      input: [...nothing(29), `: > "$TMPDIR/heard"`, ...nothing(28), "echo it is still there", ""].join("\n"),
    });
    expect([exitCode, stdout]).toEqual([0, "it is still there"]);
    const slept = stderr.split("\n").map(Number);
    expect([slept.length, slept[0]! * 30]).toEqual([29 + 1 + 29, 300]);
    expect(fs.existsSync(file("heard"))).toBe(false);
  },
);

linuxTest(
  "a pod hears of whoever it is lent to, as long as that one is there",
  async () => {
    const directory = temporaryDirectory();
    const heard = path.join(directory, "heard");
    const cluster = new StandInCluster(() => ({
      directory,
      variables: { PATH: process.env.PATH, TMPDIR: directory },
    }));
    const container = { name: "backup", command: ["bash", "backup.sh", "save"] };
    const template = { spec: { initContainers: [{ name: "client" }], containers: [container] } };
    const spec: object = { jobTemplate: { spec: { template } } };
    cluster.objects.set("/apis/batch/v1/namespaces/chat/cronjobs/b", { metadata: { name: "b" }, spec });
    // Jest does not read the client's modules. What is heard is taken away, as in the pod.
    const script = `require("./operations/typescript.cjs");
    const fs = require("node:fs");
    const { KubeConfig } = require("@kubernetes/client-node");
    const { withBackupPod } = require("./operations/backup/backup-pod.ts");
    const connection = new KubeConfig();
    connection.loadFromClusterAndUser({ name: "a", server: process.argv[1], skipTLSVerify: true }, { name: "a" });
    withBackupPod({
      connection, tellEveryMs: 100,
      environment: { name: "e", cluster: { context: "c", kubeconfig: "~/.kube/config" } },
      release: { name: "chat", namespace: "chat", cronJob: "b" },
      interruption: { signal: new AbortController().signal, orInterrupted: (work) => work },
      progress: { line: console.log, status: () => undefined },
    }, async () => {
      for (let times = 0; times < 3; times++) {
        while (!fs.existsSync(${JSON.stringify(heard)})) await new Promise((resolve) => setTimeout(resolve, 5));
        fs.rmSync(${JSON.stringify(heard)});
      }
      const pod = await fetch(process.argv[1] + "/api/v1/namespaces/chat/pods/b-x7k2q");
      return (await pod.json()).spec;
    }).then((spec) => console.log(JSON.stringify(spec)));`;
    try {
      const url = await cluster.listen();
      const { stdout } = await execa(process.execPath, ["--eval", script, url], { cwd: repository });
      // What reaches a bucket is none of what it needs, and may be what is broken.
      expect(JSON.parse(stdout)).toMatchObject({ initContainers: [], containers: [{ name: "backup" }] });
      expect([...cluster.objects.keys()].filter((name) => name.includes("/pods/"))).toEqual([]);
    } finally {
      cluster.close();
    }
  },
  60_000,
);
