import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import execa from "execa";
import { OperationError } from "../errors/operation-error";
import { SandboxBinaries } from "./programs";
import { clusterConfiguration, clusterObjects, podLog, volumeStage } from "./cluster-definition";
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
  const create = ["create", "cluster", "--config", configuration, "--kubeconfig", ""];
  await kwokctl(directory, [...create, "--wait", "60s"]);
  await writeKubeconfig(directory);
  // Without validation: it would fetch the API's whole description first.
  await kubectl(directory, ["create", "--validate=false", "-f", "-"], JSON.stringify(clusterObjects()));
  await waitForNodes(directory);
}

/** Ends the control plane and keeps its data; hard, as kwokctl does, since etcd's log survives that. */
export async function stopCluster(directory: SandboxDirectory): Promise<void> {
  const components = CONTROL_PLANE.map((name) => componentCommand(directory, name));
  const own = [`${path.join(directory.bin, "kwokctl")} `, ...components];
  await endProcesses(async () => {
    const processes = await processesOf(directory.path);
    return processes.filter(({ command }) => own.some((start) => command.startsWith(start)));
  });
}

/** Starts a stopped or half dead control plane on the data it left. */
export async function restartCluster(directory: SandboxDirectory, ports: SandboxPorts): Promise<void> {
  // Whatever is still there has lost its etcd or its API server.
  await stopCluster(directory);
  await waitForPorts(Object.values(ports).filter((port) => port !== ports.ollama));
  // kwokctl takes a component for running if any process has the number in its pid file.
  await rm(path.join(directory.cluster, "pids"), { recursive: true, force: true });
  await mkdir(path.join(directory.cluster, "pids"));
  await kwokctl(directory, ["start", "cluster", "--wait", "60s"]);
  await waitForNodes(directory);
}

/** The parts of the control plane that do not run. */
export async function missingFromControlPlane(directory: SandboxDirectory): Promise<string[]> {
  const processes = await processesOf(directory.path);
  return CONTROL_PLANE.filter(
    (name) => !processes.some(({ command }) => command.startsWith(componentCommand(directory, name))),
  );
}

/** Whether the API server says of itself that it is ready. */
export async function apiIsReady(directory: SandboxDirectory): Promise<boolean> {
  return kubectl(directory, ["get", "--raw", "/readyz", "--request-timeout=2s"]).then(
    () => true,
    () => false,
  );
}

/** Runs kubectl against the sandbox. */
async function kubectl(directory: SandboxDirectory, args: readonly string[], input = ""): Promise<string> {
  const { stdout } = await execa(
    path.join(directory.bin, "kubectl"),
    ["--kubeconfig", directory.kubeconfig, ...args],
    {
      env: directory.environment,
      extendEnv: false,
      input,
      // An API server whose etcd has just died does not refuse; it never answers.
      timeout: 60_000,
    },
  );
  return stdout;
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
  let before: readonly string[] = [];
  const look = async (): Promise<void> => {
    const now = await endedComponents(directory);
    // Twice in a row: a process has no command line of its own for a moment at its birth.
    if (now.some((name) => before.includes(name))) running.kill("SIGKILL");
    before = now;
  };
  // kwokctl itself would wait two minutes for a component that is dead.
  const watch = setInterval(() => void look().catch(() => undefined), 500);
  try {
    await running;
  } catch (error) {
    throw new OperationError(
      `the sandbox's control plane did not ${args[0]}: ${(await lastWords(directory)) || kwokctlMessage(error)}\n` +
        `the logs are in ${path.join(directory.cluster, "logs")}; \`npm run down\` clears the sandbox away`,
      { cause: error },
    );
  } finally {
    clearInterval(watch);
  }
}

/** Those that were started and are not there any more. */
async function endedComponents(directory: SandboxDirectory): Promise<string[]> {
  const started = await readdir(path.join(directory.cluster, "pids")).catch((): string[] => []);
  const missing = await missingFromControlPlane(directory);
  return missing.filter((name) => started.includes(`${name}.pid`));
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
  const words = (await endedComponents(directory)).map(async (name) => {
    const log = await readFile(path.join(directory.cluster, "logs", `${name}.log`), "utf8").catch(() => "");
    return `${name} ended: ${(log.trim().split("\n").at(-1) ?? "").slice(0, 400)}`;
  });
  return (await Promise.all(words)).join("\n  ");
}

async function waitForNodes(directory: SandboxDirectory): Promise<void> {
  await kubectl(directory, ["wait", "nodes", "--all", "--for=condition=Ready", "--timeout=30s"]);
}

// With the certificates in it, so that it can be copied; kwokctl's own only names their files.
async function writeKubeconfig(directory: SandboxDirectory): Promise<void> {
  const own = path.join(directory.cluster, "kubeconfig.yaml");
  const text = await kubectl(directory, ["config", "view", "--raw", "--flatten", "--kubeconfig", own]);
  const name = `kwok-${directory.clusterName}`;
  await directory.writePrivate(directory.kubeconfig, text.replaceAll(name, SANDBOX_CONTEXT));
}
