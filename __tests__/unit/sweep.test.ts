import execa from "execa";
import * as fs from "node:fs";
import * as path from "node:path";
import { sweepClusters } from "../sweep";
import { temporaryDirectory } from "./sample-repository";

const started: execa.ExecaChildProcess[] = [];

afterAll(() => {
  for (const process of started) process.kill("SIGKILL");
});

/** A program that runs in a folder as a part of a cluster does. */
function running(folder: string): execa.ExecaChildProcess {
  const program = path.join(folder, ".sandbox/bin/kube-apiserver");
  fs.mkdirSync(path.dirname(program), { recursive: true });
  // Known by its link, as those of a sandbox are.
  fs.symlinkSync(process.execPath, program);
  const begun = execa(program, ["-e", "process.stdin.resume()"], { reject: false });
  started.push(begun);
  return begun;
}

test("clusters whose tests were killed are ended and deleted, and those of tests that run are not", async () => {
  const directory = temporaryDirectory();
  const gone = execa(process.execPath, ["--version"]);
  await gone;
  const dead = ["llm-platform-clone-PID-a1B2c3", "sandbox test PID"].map((name) =>
    path.join(directory, name.replace("PID", String(gone.pid))),
  );
  const alive = path.join(directory, `llm-platform-clone-${process.pid}-d4E5f6`);
  const others = path.join(directory, "llm-platform-clone-of-somebody");
  const left = dead.map(running);
  const kept = [alive, others].map(running);
  await sweepClusters(directory);
  expect(await Promise.all(left.map(async (one) => (await one).signal))).toEqual(["SIGKILL", "SIGKILL"]);
  expect(fs.readdirSync(directory).sort()).toEqual([alive, others].map((one) => path.basename(one)).sort());
  expect(kept.map(({ exitCode }) => exitCode)).toEqual([null, null]);
});
