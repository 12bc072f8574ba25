import type { V1Lease } from "@kubernetes/client-node";
import * as fs from "node:fs";
import * as path from "node:path";
import { waitFor } from "../../../wait-for";
import { repository, temporaryDirectory } from "../../sample-repository";
import { Leases } from "../cluster/lease-server";

// eslint-disable-next-line @typescript-eslint/no-require-imports -- its types are those of a package of another name
const { spawn: spawnInTerminal } = require("@cdktf/node-pty-prebuilt-multiarch") as {
  readonly spawn: (
    file: string,
    args: readonly string[],
    options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv; readonly cols: number },
  ) => Terminal;
};

interface Terminal {
  readonly pid: number;
  onData(take: (data: string) => void): void;
  onExit(take: (end: { readonly exitCode: number }) => void): void;
  write(text: string): void;
  destroy(): void;
}

jest.setTimeout(60_000);

const api = new Leases();
beforeAll(() => api.listen());
afterAll(() => api.close());

/** A command that asks while it holds the lock, as a deploy does. */
const script = `
  require("./operations/typescript.cjs");
  const { Command } = require("@commander-js/extra-typings");
  const { loadEnvironment } = require("./applications/load-environment.ts");
  const { runCommand } = require("./operations/command-line/run-command.ts");
  const { locked } = require("./operations/deploy/recorded.ts");
  const { asking } = require("./operations/terminal/confirm.ts");
  const { goOnUnheard, handleInterruptions } = require("./operations/terminal/interruption.ts");
  handleInterruptions();
  goOnUnheard();
  const root = process.cwd();
  const minikube = loadEnvironment(root, "minikube");
  const cluster = { ...minikube.cluster, kubeconfig: process.env.KUBECONFIG };
  const environment = { ...minikube, name: process.env.NAME, cluster };
  const say = (line) => process.stdout.write(line + "\\n");
  const work = ({ withoutLock }) => withoutLock(() => asking(false)("deploy this?")).then(() => say("deployed"));
  runCommand(new Command().action(() => locked({ root, environment, action: "deploy", say }, work)), []);
`;

function kubeconfig(): string {
  const file = path.join(temporaryDirectory(), "kubeconfig");
  const text = {
    ...{ apiVersion: "v1", kind: "Config", "current-context": "minikube" },
    clusters: [{ name: "minikube", cluster: { server: api.url, "insecure-skip-tls-verify": true } }],
    contexts: [{ name: "minikube", context: { cluster: "minikube", user: "mira" } }],
    users: [{ name: "mira", user: {} }],
  };
  fs.writeFileSync(file, JSON.stringify(text));
  return file;
}

/**
 * Runs it until it asks, and then something else.
 *
 * @param said what it says at last: its end may be told before that is
 * @returns its exit code, where it has one, and what it said
 */
async function asked(
  name: string,
  act: (terminal: Terminal) => void,
  said = "",
): Promise<readonly [number, string]> {
  const terminal = spawnInTerminal(process.execPath, ["--eval", script], {
    ...{ cwd: repository, cols: 400 },
    env: { PATH: process.env.PATH, KUBECONFIG: kubeconfig(), NAME: name },
  });
  let output = "";
  let exitCode: number | undefined;
  terminal.onData((data) => (output += data));
  terminal.onExit((end) => ({ exitCode } = end));
  await waitFor("it asks", () => {
    if (exitCode !== undefined) throw new Error(output);
    return output.includes("[y/N]");
  });
  expect([...api.leases.keys()]).not.toContain(`llm-platform-${name}`);
  act(terminal);
  await waitFor(`it has ended and said: ${said}`, () => exitCode !== undefined && output.includes(said));
  return [exitCode ?? 0, output];
}

test.concurrent.each<readonly [string, (terminal: Terminal) => void, string]>([
  ["no", (terminal) => terminal.write("n\r"), "nothing was changed"],
  ["Ctrl-C", (terminal) => terminal.write("\u0003"), "nothing was changed"],
  ["Ctrl-D", (terminal) => terminal.write("\u0004"), "nothing was changed"],
  ["SIGINT", ({ pid }) => process.kill(pid, "SIGINT"), "interrupted: nothing was changed"],
  ["SIGTERM", ({ pid }) => process.kill(pid, "SIGTERM"), "interrupted: nothing was changed"],
])("nobody has the lock while it is asked, nor after the answer %s", async (name, act, said) => {
  const environment = name.toLowerCase();
  const [exitCode, output] = await asked(environment, act, said);
  expect(exitCode).toBe(1);
  expect(output).not.toContain("deployed");
  expect([...api.leases.keys()]).not.toContain(`llm-platform-${environment}`);
});

test.concurrent("nor where the terminal is closed", async () => {
  const [, output] = await asked("closed", (terminal) => terminal.destroy());
  expect(output).not.toContain("deployed");
  expect([...api.leases.keys()]).not.toContain("llm-platform-closed");
});

test.concurrent("whoever took it meanwhile keeps it, and nothing is changed", async () => {
  const renew = (): void => {
    const now = new Date().toISOString();
    const spec = { holderIdentity: "mira", renewTime: now, acquireTime: now } as unknown as V1Lease["spec"];
    api.put("llm-platform-taken", { spec });
  };
  let renewing: NodeJS.Timeout | undefined;
  const act = (terminal: Terminal): void => {
    renew();
    renewing = setInterval(renew, 500);
    terminal.write("y\r");
  };
  const [exitCode] = await asked("taken", act, "mira holds the lock of taken").finally(() =>
    clearInterval(renewing),
  );
  expect(exitCode).toBe(1);
  expect(api.leases.get("llm-platform-taken")?.spec?.holderIdentity).toBe("mira");
});
