import { existsSync } from "node:fs";
import { mkdir, readdir, rm, symlink } from "node:fs/promises";
import path from "node:path";
import lockfile from "proper-lockfile";
import { OperationError } from "../errors/operation-error";
import { SandboxBinaries } from "./programs";
import { apiIsReady, createCluster, missingFromControlPlane, restartCluster } from "./cluster";
import { modelServerUrl, startModelServer } from "./model-server";
import { freePorts } from "./ports";
import { endProcesses, processesOf } from "./processes";
import { SandboxDirectory, SandboxPorts } from "./sandbox-directory";

/** A running sandbox, and how to reach it. */
export interface Sandbox {
  /** Absolute path of a kubeconfig file that only its owner reads. Its user is an administrator. */
  readonly kubeconfig: string;
  /** The real Ollama server behind the simulated pods, e.g. `http://127.0.0.1:21048`. */
  readonly ollamaUrl: string;
}

export interface StartSandboxProps {
  /** Folder that holds all of this sandbox, e.g. `<clone>/.sandbox`. One folder, one sandbox. */
  readonly directory: string;
  /** From {@link providePrograms}. */
  readonly binaries: SandboxBinaries;
  /** Names under which its Ollama has the tiny model. @default ["tiny"] */
  readonly models?: readonly string[];
  /** Told what happens, e.g. `starting the control plane`. @default - silent */
  readonly onProgress?: (step: string) => void;
}

/**
 * Starts the sandbox, or makes one that was stopped or is half dead run again on its data. One that runs is
 * left as it is, apart from models that it lacks.
 *
 * @throws OperationError when it does not come up; what it left behind is mended by the next start, or cleared
 * away by {@link removeSandbox}
 */
export async function startSandbox(props: StartSandboxProps): Promise<Sandbox> {
  const directory = new SandboxDirectory(props.directory);
  const models = props.models ?? ["tiny"];
  await directory.create();
  const release = await lock(directory);
  try {
    const ports = directory.readPorts();
    if (!ports) {
      await clear(directory);
      return await create(directory, props, models);
    }
    const ended = await missingFromControlPlane(directory);
    if (ended.length > 0 || !(await apiIsReady(directory))) {
      props.onProgress?.("starting the control plane on its data");
      // The programs may have been built anew, elsewhere, since.
      await linkPrograms(directory, props.binaries);
      await restartCluster(directory, ports);
    }
    await startModelServer(directory, ports, models);
    return describe(directory, ports);
  } finally {
    await release();
  }
}

/**
 * Ends everything that runs in the directory and deletes it, whatever state it is in. Removing what is
 * not there is no error.
 *
 * @returns whether there was anything, and how many processes were ended
 * @throws OperationError when the directory holds something else than a sandbox, or a process does not end
 */
export async function removeSandbox(props: Pick<StartSandboxProps, "directory">) {
  const directory = new SandboxDirectory(props.directory);
  await refuseForeign(directory);
  const existed = existsSync(directory.path);
  // At once: what would be lost by a hard end is deleted anyway.
  const processes = await endProcesses(() => processesOf(directory.path));
  // Again, because a process can write a last file while the folder is being deleted.
  await rm(directory.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  return { existed: existed || processes > 0, processes };
}

async function create(
  directory: SandboxDirectory,
  props: StartSandboxProps,
  models: readonly string[],
): Promise<Sandbox> {
  const ports = await freePorts(directory.path);
  await linkPrograms(directory, props.binaries);
  props.onProgress?.("starting the control plane and the model server");
  const started = await Promise.allSettled([
    createCluster(directory, props.binaries, ports),
    startModelServer(directory, ports, models),
  ]);
  const failed = started.find((result): result is PromiseRejectedResult => result.status === "rejected");
  if (failed !== undefined) {
    // Nobody uses half a sandbox; its logs stay to be read.
    await endProcesses(() => processesOf(directory.path));
    throw failed.reason;
  }
  await directory.writePorts(ports);
  return describe(directory, ports);
}

function describe(directory: SandboxDirectory, ports: SandboxPorts): Sandbox {
  return { kubeconfig: directory.kubeconfig, ollamaUrl: modelServerUrl(ports) };
}

// What runs by a link in the directory has the directory in its command line, and is found by it.
async function linkPrograms(directory: SandboxDirectory, binaries: SandboxBinaries): Promise<void> {
  await rm(directory.bin, { recursive: true, force: true });
  await mkdir(directory.bin);
  for (const name of ["kwokctl", "kubectl", "ollama"] as const) {
    await symlink(binaries[name], path.join(directory.bin, name));
  }
}

async function lock(directory: SandboxDirectory): Promise<() => Promise<void>> {
  const release = await lockfile.lock(directory.path, {
    lockfilePath: directory.lock,
    // A start that was killed holds it for as long.
    stale: 5000,
    update: 1000,
    retries: { retries: 120, factor: 1, minTimeout: 500, maxTimeout: 500 },
    // The sandbox is being removed under our feet: the start fails by itself.
    onCompromised: () => undefined,
  });
  return () => release().catch(() => undefined);
}

/** Empties the directory, apart from the lock that we hold. */
async function clear(directory: SandboxDirectory): Promise<void> {
  await refuseForeign(directory);
  await endProcesses(() => processesOf(directory.path));
  for (const name of await readdir(directory.path)) {
    const file = path.join(directory.path, name);
    if (![directory.lock, directory.record].includes(file)) await rm(file, { recursive: true, force: true });
  }
}

// One wrong argument must not cost anybody a folder.
async function refuseForeign(directory: SandboxDirectory): Promise<void> {
  const names = existsSync(directory.path) ? await readdir(directory.path) : [];
  if (!names.length || names.some((name) => name.startsWith(path.basename(directory.record)))) return;
  throw new OperationError(
    `${directory.path} is not a sandbox: it holds "${names[0]}"; nothing was removed. Give the folder of a sandbox, or an empty one`,
  );
}
