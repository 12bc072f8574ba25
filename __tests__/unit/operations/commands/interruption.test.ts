import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { waitFor } from "../../../wait-for";
import { repository, temporaryDirectory } from "../../sample-repository";

// Every command as a process of its own, with a program that it runs where Terraform would: see probe.cjs.
// eslint-disable-next-line @typescript-eslint/no-require-imports -- its types are those of a package of another name
const { spawn: spawnInTerminal } = require("@cdktf/node-pty-prebuilt-multiarch") as {
  readonly spawn: (
    file: string,
    args: readonly string[],
    options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
  ) => { readonly pid: number; destroy(): void };
};
const probe = path.join(__dirname, "probe.cjs");
const directory = temporaryDirectory();
jest.setTimeout(120_000);

/** Each command that changes something, the function that does it, what that answers, and the exit code of one that was stopped. */
const changing = [
  ["deploy", "deploy/deploy", "deploy"],
  ["destroy", "deploy/destroy", "destroy"],
  ["release", "deploy/release", "releaseHere"],
  ["rollback ollama", "deploy/rollback", "rollback"],
  ["unlock", "deploy/unlock", "unlock", { left: 0 }],
  ["up", "platform/up", "up"],
  ["down", "platform/down", "down"],
  ["drift --fix", "drift/drift", "drift", 0],
  ["secrets generate", "secrets/generate", "generate"],
  ["secrets set JWT_SECRET", "secrets/set", "set"],
  ["secrets rotate JWT_SECRET", "deploy/rotate", "rotate"],
  // A verification that was stopped has no verdict.
  ["verify", "verify/verify", "verify", [], 1],
  ["users create anna@example.com", "users/users", "create"],
  ["users reset-password anna@example.com", "users/users", "resetPassword"],
  ["users delete anna@example.com", "users/users", "deleteUser"],
  ["backup", "backup/backup", "backup"],
  ["restore chat.tar", "backup/restore", "restore"],
  ["github deploy --environment minikube", "github/deploy-reviewed", "deployReviewed"],
] as const;

/** Commands that change nothing but files, and are done again where they were ended. */
const reading = [
  ["start", "platform/start", "start"],
  ["synth", "terraform/cdktf", "synthesize"],
  ["diff", "diff/diff", "diff"],
  ["doctor", "doctor/doctor", "doctor"],
  ["verify --no-chat", "verify/verify", "verify"],
  ["users list", "users/users", "list"],
  ["history", "deploy/read-history", "readHistory"],
  ["drift", "drift/drift", "drift"],
  ["charts list", "charts/list-charts", "listCharts"],
  ["eject json DIRECTORY", "eject/eject", "eject"],
] as const;

test("every command is known to change something, or not to", () => {
  const files = fs.readdirSync(path.join(repository, "operations", "commands"));
  const known = [...changing, ...reading].map(([line]) => line.split(" ")[0]);
  const others = ["bench", "graph", "lint-manifests", "lint-workflows", "providers", "schema", "test"];
  expect([...new Set([...known, ...others])].sort()).toEqual(
    files.map((file) => path.basename(file, ".ts")).sort(),
  );
});

let count = 0;

/** A command whose program has begun. */
class Probed {
  public readonly left = path.join(directory, `left-${++count}`);
  private readonly notes = path.join(directory, `notes-${count}`);
  private readonly held = new Set<net.Socket>();
  private readonly socket = path.join(directory, `socket-${count}`);
  private readonly server = net.createServer((connection) => this.held.add(connection)).listen(this.socket);
  public readonly variables: NodeJS.ProcessEnv;
  public readonly args: readonly string[];

  constructor(
    line: string,
    module: string,
    name: string,
    { answer = null, leaves = false }: { readonly answer?: unknown; readonly leaves?: boolean },
  ) {
    if (leaves) fs.mkdirSync(this.left);
    this.args = ["--require", probe, "operations/entry.mjs", ...line.split(" ")];
    this.variables = {
      ...{ PATH: process.env.PATH, PROBED: module, PROBE: name, ANSWER: JSON.stringify(answer) },
      ...{ NOTES: this.notes, SOCKET: this.socket, ...(leaves && { LEAVES: this.left }) },
    };
    fs.writeFileSync(this.notes, "");
  }

  /** Waits until its program runs. */
  public async begun(child?: ChildProcess): Promise<void> {
    if (this.held.size > 0) return;
    const early = child && once(child, "exit").then(() => Promise.reject(new Error("it ended early")));
    early?.catch(() => undefined);
    await Promise.race([once(this.server, "connection"), ...(early ? [early] : [])]);
  }

  /** Lets its program come to its end. */
  public release(): void {
    for (const connection of this.held) connection.destroy();
    this.server.close();
  }

  /** What its program and it have noticed. */
  public noticed(): string[] {
    return fs.readFileSync(this.notes, "utf8").split("\n").filter(Boolean);
  }

  public begin(): { readonly child: ChildProcess; readonly output: () => string } {
    let output = "";
    const child = spawn(process.execPath, this.args, {
      ...{ cwd: repository, env: this.variables, detached: true, stdio: ["ignore", "pipe", "pipe"] },
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (output += String(data)));
    return { child, output: () => output };
  }
}

const ended = async (child: ChildProcess) => (await once(child, "close"))[0] as number | null;

test.each(changing)(
  "npm run %s is stopped once, and goes on without its reader or its terminal",
  async (line, module, name, answer: unknown = null, stopped: number = 0) => {
    const probed = () => new Probed(line, module, name, { answer });
    await Promise.all([stoppedOnce(probed(), stopped), withoutReader(probed()), withoutTerminal(probed())]);
  },
);

/** By signals to it and to its group; a second one is refused. */
async function stoppedOnce(command: Probed, exitCode: number): Promise<void> {
  const { child, output } = command.begin();
  await command.begun(child);
  const pid = child.pid as number;
  // A terminal's Ctrl-C, which npm passes on.
  process.kill(-pid, "SIGINT");
  process.kill(pid, "SIGINT");
  await waitFor("the program is told", () => command.noticed().length > 0);
  await waitFor("a second one is refused", () => {
    // Looked for first: one more would be told to a process that is at its end already.
    const isRefused = output().includes("refused: terraform has been told to stop");
    if (!isRefused) process.kill(-pid, "SIGTERM");
    return isRefused;
  });
  command.release();
  expect(await ended(child)).toBe(exitCode);
  expect(output()).toContain("stopping: waiting for terraform to end; a second Ctrl-C is refused\n");
  expect(command.noticed()).toEqual(["SIGINT", "ended"]);
}

async function withoutReader(command: Probed): Promise<void> {
  const { child, output } = command.begin();
  await command.begun(child);
  child.stdout?.destroy();
  child.stderr?.destroy();
  command.release();
  expect(await ended(child)).toBe(0);
  expect([command.noticed(), output()]).toEqual([["ended"], ""]);
}

/** Its other end is closed: the kernel sends SIGHUP, and refuses what is written with EIO. */
async function withoutTerminal(command: Probed): Promise<void> {
  const terminal = spawnInTerminal(process.execPath, command.args, {
    ...{ cwd: repository, env: command.variables },
  });
  await command.begun();
  terminal.destroy();
  command.release();
  await waitFor("it has ended", () => command.noticed().includes("ended"));
  expect(command.noticed()).toEqual(["ended"]);
}

test.each(reading)("npm run %s ends at once, tidy and without a word", async (line, module, name) => {
  const by = [
    ["SIGINT", 130, ["SIGTERM"]],
    ["SIGTERM", 143, ["SIGTERM"]],
    ["SIGHUP", 129, ["SIGTERM"]],
    ["a reader that has gone", 141, []],
  ] as const;
  await Promise.all(
    by.map(async ([what, exitCode, noticed]) => {
      const command = new Probed(line, module, name, { leaves: true });
      const { child, output } = command.begin();
      await command.begun(child);
      if (what.startsWith("SIG")) process.kill(-(child.pid as number), what as NodeJS.Signals);
      else {
        child.stdout?.destroy();
        command.release();
      }
      expect([what, await ended(child), output()]).toEqual([what, exitCode, ""]);
      await waitFor("its program was told", () => command.noticed().length === noticed.length);
      expect(command.noticed()).toEqual(noticed);
      expect(fs.existsSync(command.left)).toBe(false);
      command.release();
    }),
  );
});
