import execa from "execa";
import * as fs from "node:fs";
import * as path from "node:path";
import { runningProcesses, signalProcess } from "../../../operations/terminal/running-processes";
import { skippedUnless } from "../../skipped-unless";
import { repository, temporaryDirectory } from "../sample-repository";

jest.setTimeout(60_000);

// What containers of CI lack. As another user a process is started by root alone.
const asRoot = skippedUnless(process.getuid?.() === 0, "not root");
const nobodyKnown = { uid: 54_321, gid: 54_321 };

/** A command for a user without a name, a home and the right to write here. */
function start(variables: NodeJS.ProcessEnv = {}) {
  return execa(process.execPath, ["operations/entry.mjs", "start"], {
    ...{ cwd: repository, env: { PATH: process.env.PATH, ...variables }, extendEnv: false },
    ...{ reject: false, ...nobodyKnown },
  });
}

asRoot(
  "a user without an entry in passwd and a home is told where to write in a read-only checkout",
  async () => {
    const { exitCode, stdout, stderr } = await start();
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "cdktf.out/minikube: cannot be written (EACCES), and the stacks are synthesized there: name a folder that can be with the variable CDKTF_OUTDIR",
    });
  },
);

/** A command in this checkout, which is mounted read-only in a namespace of its own. */
const readOnly = (...command: string[]) =>
  execa(
    "unshare",
    [
      ...[
        "--mount",
        "sh",
        "-c",
        'mount --rbind "$PWD" "$PWD" && mount -o remount,bind,ro "$PWD" && cd "$PWD" && exec "$@"',
      ],
      ...["sh", process.execPath, "operations/entry.mjs", ...command],
    ],
    { cwd: repository, env: { PATH: process.env.PATH }, extendEnv: false, reject: false },
  );
const canMount = execa.sync("unshare", ["--mount", "mount", "--rbind", repository, repository], {
  reject: false,
});

skippedUnless(canMount.exitCode === 0, "it may not mount")(
  "in a checkout that is mounted read-only it is said so, and what is only read works",
  async () => {
    const [started, graph] = await Promise.all([readOnly("start"), readOnly("graph")]);
    expect([started.exitCode, started.stderr]).toEqual([
      1,
      expect.stringMatching(/^cdktf\.out\/minikube: cannot be written \(EROFS\), .* CDKTF_OUTDIR$/),
    ]);
    expect([graph.exitCode, graph.stderr]).toEqual([0, ""]);
  },
);

asRoot("with CDKTF_OUTDIR such a user sees the platform", async () => {
  const directory = temporaryDirectory();
  fs.chmodSync(directory, 0o777);
  const { exitCode, stdout, stderr } = await start({ CDKTF_OUTDIR: path.join(directory, "out") });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout.replace(/\s+/g, "")).toContain(`${directory}/out/minikube/stacks/foundation/cdk.tf.json`);
});

asRoot("who has no name is recorded by number, or by what the container calls them", async () => {
  const script = `require("./operations/typescript.cjs");
    const { whoChanges } = require("./operations/deploy/recorded.ts");
    const { homeDirectory } = require("./operations/terminal/home-directory.ts");
    console.log(whoChanges({}).split("@")[0], whoChanges({ USER: "runner" }).split("@")[0], homeDirectory());`;
  const { stdout } = await execa(process.execPath, ["--eval", script], {
    ...{ cwd: repository, env: { PATH: process.env.PATH }, extendEnv: false, ...nobodyKnown },
  });
  expect(stdout).toBe("uid 54321 runner /");
});

test("processes are found without ps, and one that has ended meanwhile takes no signal and does no harm", async () => {
  const child = execa(process.execPath, ["--eval", "process.stdin.resume()"], { reject: false });
  const { PATH } = process.env;
  process.env.PATH = "";
  try {
    expect(await runningProcesses()).toContainEqual(
      expect.objectContaining({ pid: child.pid, parent: process.pid }),
    );
  } finally {
    process.env.PATH = PATH;
  }
  signalProcess(child.pid as number, "SIGKILL");
  await child;
  signalProcess(child.pid as number, "SIGKILL");
});
