import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { mkdir, readdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";

/** What listens on a port of its own in a sandbox. */
export const PORT_NAMES = [
  "etcd",
  "etcdPeer",
  "apiServer",
  "controllerManager",
  "scheduler",
  "kwok",
  "ollama",
] as const;

/** The loopback ports of one sandbox. */
export type SandboxPorts = Readonly<Record<(typeof PORT_NAMES)[number], number>>;

/** Where things lie in a sandbox's directory. All of a sandbox lies in there, except for the programs. */
export class SandboxDirectory {
  /** Absolute and without symbolic links: processes are recognized by it. */
  readonly path: string;
  /** kwokctl's name of the cluster; another one for every clone. */
  readonly clusterName: string;
  readonly bin: string;
  /** HOME of everything that runs in the sandbox, so that nothing reads or writes the user's. */
  readonly home: string;
  /** Where kwokctl keeps this cluster: certificates, etcd's data, logs, pids. */
  readonly cluster: string;
  readonly kubeconfig: string;
  readonly models: string;
  readonly modelServerLog: string;
  /** What `kubectl logs` shows. */
  readonly podLog: string;
  /** What kwok does to volumes. */
  readonly volumeStage: string;
  readonly lock: string;
  /** Its presence makes the folder one of a sandbox. */
  readonly record: string;

  constructor(directory: string) {
    this.path = withoutLinks(path.resolve(directory));
    this.clusterName = `sandbox-${createHash("sha256").update(this.path).digest("hex").slice(0, 8)}`;
    const at = (...names: string[]) => path.join(this.path, ...names);
    this.bin = at("bin");
    this.home = at("home");
    this.cluster = at("home", ".kwok", "clusters", this.clusterName);
    this.kubeconfig = at("kubeconfig");
    this.models = at("models");
    this.modelServerLog = at("model-server.log");
    this.podLog = at("pod.log");
    this.volumeStage = at("volume-stage.yaml");
    this.lock = at("lock");
    this.record = at("sandbox.json");
  }

  /** Makes it, unless it is there. A folder that holds something else stays without the record. */
  async create(): Promise<void> {
    // Its certificates make whoever reads them an administrator of the cluster.
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    if ((await readdir(this.path)).length === 0) await this.writePrivate(this.record, "{}\n");
  }

  /** `undefined` when there is no sandbox, or one that was never completely started: that is not worth mending. */
  readPorts(): SandboxPorts | undefined {
    try {
      return (JSON.parse(readFileSync(this.record, "utf8")) as { ports?: SandboxPorts }).ports;
    } catch {
      return undefined;
    }
  }

  async writePorts(ports: SandboxPorts): Promise<void> {
    await this.writePrivate(this.record, `${JSON.stringify({ ports }, null, 2)}\n`);
  }

  /** Writes a file that only its owner reads; at once or not at all. */
  async writePrivate(file: string, content: string): Promise<void> {
    const unfinished = `${file}.unfinished`;
    await writeFile(unfinished, content, { mode: 0o600 });
    await rename(unfinished, file);
  }

  /** Variables of everything that runs in the sandbox: nothing of the user's gets in. */
  get environment(): Record<string, string> {
    // kwokctl works in ~/.kwok; its KWOK_WORKDIR would do the same, but ends at the first space in a path.
    return { PATH: this.bin, HOME: this.home };
  }
}

function withoutLinks(directory: string): string {
  if (existsSync(directory)) return realpathSync(directory);
  const parent = path.dirname(directory);
  return parent === directory ? directory : path.join(withoutLinks(parent), path.basename(directory));
}
