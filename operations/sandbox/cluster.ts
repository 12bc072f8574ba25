import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import https from "node:https";
import path from "node:path";
import execa from "execa";
import yaml from "js-yaml";
import { OperationError } from "../errors/operation-error";
import { SandboxBinaries } from "./programs";
import { clusterConfiguration, clusterObjects, podLog, volumeStage } from "./cluster-definition";
import { kubectl } from "./kubectl";
import { endProcesses, processesOf } from "./processes";
import { waitForPorts } from "./ports";
import { SandboxDirectory, SandboxPorts } from "./sandbox-directory";

/** The only context in a sandbox's kubeconfig. */
export const SANDBOX_CONTEXT = "sandbox";

const CONTROL_PLANE = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok-controller",
];

/**
 * Creates the control plane, waits until its API answers, and puts nodes and storage into it.
 *
 * @throws OperationError when a part does not come up; it names the log files
 */
export async function createCluster(
  directory: SandboxDirectory,
  binaries: SandboxBinaries,
  ports: SandboxPorts,
): Promise<void> {
  await mkdir(directory.home, { recursive: true });
  const configuration = path.join(directory.path, "cluster.yaml");
  await writeFile(configuration, clusterConfiguration(directory, binaries, ports));
  await writeFile(directory.volumeStage, volumeStage());
  await writeFile(directory.podLog, podLog(directory));
  await kwokctl(directory, [
    "create",
    "cluster",
    "--config",
    configuration,
    "--kubeconfig",
    "",
    "--wait",
    "60s",
  ]);
  await writeKubeconfig(directory, ports);
  // Without validation: it would fetch the API's whole description first.
  await kubectl(
    directory,
    binaries,
    ["create", "--validate=false", "-f", "-"],
    JSON.stringify(clusterObjects()),
  );
  await waitForNodes(directory, binaries);
}

/** Ends the control plane and keeps its data; hard, as kwokctl does, since etcd's log survives that. */
export async function stopCluster(directory: SandboxDirectory): Promise<void> {
  await endProcesses(async () => {
    const processes = await processesOf(directory.path);
    return processes.filter(({ command }) => isControlPlane(directory, command));
  }, 0);
}

/** Starts a stopped or half dead control plane on the data it left. */
export async function restartCluster(
  directory: SandboxDirectory,
  binaries: SandboxBinaries,
  ports: SandboxPorts,
): Promise<void> {
  // Whatever is still there has lost its etcd or its API server.
  await stopCluster(directory);
  await waitForPorts(Object.values(ports).filter((port) => port !== ports.ollama));
  // kwokctl takes a component for running if any process has the number in its pid file.
  await rm(path.join(directory.cluster, "pids"), { recursive: true, force: true });
  await mkdir(path.join(directory.cluster, "pids"));
  await kwokctl(directory, ["start", "cluster", "--wait", "60s"]);
  await waitForNodes(directory, binaries);
}

/** Whether there is something to restart. */
export function clusterHasData(directory: SandboxDirectory): boolean {
  return ["kwok.yaml", "etcd", "pki"].every((name) => existsSync(path.join(directory.cluster, name)));
}

/** The parts of the control plane that do not run. */
export async function missingFromControlPlane(directory: SandboxDirectory): Promise<string[]> {
  const processes = await processesOf(directory.path);
  return CONTROL_PLANE.filter(
    (name) => !processes.some(({ command }) => command.startsWith(componentCommand(directory, name))),
  );
}

/** Whether the API server says of itself that it is ready. */
export function apiIsReady(directory: SandboxDirectory, ports: SandboxPorts): Promise<boolean> {
  return new Promise((resolve) => {
    const request = https.get(
      {
        host: "127.0.0.1",
        port: ports.apiServer,
        path: "/readyz",
        timeout: 2000,
        ca: certificate(directory, "ca.crt"),
      },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.once("timeout", () => request.destroy());
    request.once("error", () => resolve(false));
  });
}

function isControlPlane(directory: SandboxDirectory, command: string): boolean {
  return (
    command.startsWith(`${path.join(directory.bin, "kwokctl")} `) ||
    CONTROL_PLANE.some((name) => command.startsWith(componentCommand(directory, name)))
  );
}

function componentCommand(directory: SandboxDirectory, name: string): string {
  return `${path.join(directory.cluster, "bin", name)} `;
}

// Run by its link in the directory: a kwokctl that outlives us is then known as one of this sandbox.
async function kwokctl(directory: SandboxDirectory, args: readonly string[]): Promise<void> {
  const running = execa(path.join(directory.bin, "kwokctl"), ["--name", directory.clusterName, ...args], {
    env: directory.environment,
    extendEnv: false,
    stdin: "ignore",
    timeout: 90_000,
  });
  // kwokctl itself would wait two minutes for a component that is dead.
  const watch = watchComponents(directory, () => running.kill("SIGKILL"));
  try {
    await running;
  } catch (error) {
    const dead = watch.dead();
    throw new OperationError(
      `the sandbox's control plane did not ${args[0]}: ` +
        `${dead.length > 0 ? `${dead.join(" and ")} ended` : kwokctlMessage(error)}\n${await lastWords(directory)}` +
        `the logs are in ${path.join(directory.cluster, "logs")}; \`npm run down\` clears the sandbox away`,
      { cause: error },
    );
  } finally {
    watch.stop();
  }
}

/** Calls back once when a component that was started is not there any more. */
function watchComponents(
  directory: SandboxDirectory,
  onDead: () => void,
): { dead: () => string[]; stop: () => void } {
  let before = new Set<string>();
  let dead: string[] = [];
  const look = async () => {
    const started = await readdir(path.join(directory.cluster, "pids")).catch((): string[] => []);
    const missing = await missingFromControlPlane(directory);
    const gone = missing.filter((name) => started.includes(`${name}.pid`));
    // Twice in a row: a process has no command line of its own for a moment at its birth.
    dead = gone.filter((name) => before.has(name));
    before = new Set(gone);
    if (dead.length > 0) {
      clearInterval(timer);
      onDead();
    }
  };
  const timer = setInterval(() => void look().catch(() => undefined), 500);
  return { dead: () => dead, stop: () => clearInterval(timer) };
}

function kwokctlMessage(error: unknown): string {
  const { stderr, shortMessage } = error as execa.ExecaError;
  for (const line of String(stderr ?? "")
    .split("\n")
    .reverse()) {
    try {
      const { level, msg, err } = JSON.parse(line) as { level: string; msg: string; err?: string };
      if (level === "ERROR" || level === "WARN") return err === undefined ? msg : `${msg}: ${err}`;
    } catch {
      continue;
    }
  }
  return shortMessage ?? String(error);
}

/** The last line of each component that ended; that is where its reason stands. */
async function lastWords(directory: SandboxDirectory): Promise<string> {
  const logs = path.join(directory.cluster, "logs");
  const ended = await missingFromControlPlane(directory);
  const files = await readdir(logs).catch((): string[] => []);
  let words = "";
  for (const name of ended) {
    if (!files.includes(`${name}.log`)) continue;
    const lines = (await readFile(path.join(logs, `${name}.log`), "utf8")).trim().split("\n");
    words += `  ${name} ended: ${(lines.at(-1) ?? "").slice(0, 400)}\n`;
  }
  return words;
}

async function waitForNodes(directory: SandboxDirectory, binaries: SandboxBinaries): Promise<void> {
  await kubectl(directory, binaries, ["wait", "nodes", "--all", "--for=condition=Ready", "--timeout=30s"]);
}

// With the certificates in it, so that it can be copied; kwokctl's own only names their files.
async function writeKubeconfig(directory: SandboxDirectory, ports: SandboxPorts): Promise<void> {
  const base64 = (name: string) => certificate(directory, name).toString("base64");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": SANDBOX_CONTEXT,
    clusters: [
      {
        name: SANDBOX_CONTEXT,
        cluster: {
          server: apiServerUrl(ports),
          "certificate-authority-data": base64("ca.crt"),
        },
      },
    ],
    users: [
      {
        name: SANDBOX_CONTEXT,
        user: {
          "client-certificate-data": base64("admin.crt"),
          "client-key-data": base64("admin.key"),
        },
      },
    ],
    contexts: [{ name: SANDBOX_CONTEXT, context: { cluster: SANDBOX_CONTEXT, user: SANDBOX_CONTEXT } }],
  };
  await directory.writePrivate(directory.kubeconfig, yaml.dump(config, { lineWidth: -1 }));
}

/** Where the API server listens, e.g. `https://127.0.0.1:21044`. */
export function apiServerUrl(ports: SandboxPorts): string {
  return `https://127.0.0.1:${ports.apiServer}`;
}

function certificate(directory: SandboxDirectory, name: string): Buffer {
  return readFileSync(path.join(directory.cluster, "pki", name));
}
