import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";

/** The loopback ports of one sandbox. */
export interface SandboxPorts {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly apiServer: number;
  readonly controllerManager: number;
  readonly scheduler: number;
  readonly kwok: number;
  readonly ollama: number;
}

/** What is written down about a sandbox, in `sandbox.json`. */
export interface SandboxRecord {
  /** `starting` until everything is up for the first time: what broke off there is not worth mending. */
  readonly phase: "starting" | "started" | "paused";
  readonly ports: SandboxPorts;
}

/** Where things lie in a sandbox's directory. All of a sandbox lies in there, except for the programs. */
export class SandboxDirectory {
  /** Absolute and without symbolic links: processes are recognized by it. */
  readonly path: string;
  /** kwokctl's name of the cluster; another one for every clone. */
  readonly clusterName: string;

  constructor(directory: string) {
    this.path = withoutLinks(path.resolve(directory));
    this.clusterName = `sandbox-${createHash("sha256").update(this.path).digest("hex").slice(0, 8)}`;
  }

  get bin(): string {
    return path.join(this.path, "bin");
  }
  /** Where kwokctl keeps this cluster: certificates, etcd's data, logs, pids. */
  get cluster(): string {
    return path.join(this.home, ".kwok", "clusters", this.clusterName);
  }
  get kubeconfig(): string {
    return path.join(this.path, "kubeconfig");
  }
  /** HOME of everything that runs in the sandbox, so that nothing reads or writes the user's. */
  get home(): string {
    return path.join(this.path, "home");
  }
  get models(): string {
    return path.join(this.path, "models");
  }
  get modelServerLog(): string {
    return path.join(this.path, "model-server.log");
  }
  /** What `kubectl logs` shows. */
  get podLog(): string {
    return path.join(this.path, "pod.log");
  }
  /** What kwok does to volumes. */
  get volumeStage(): string {
    return path.join(this.path, "volume-stage.yaml");
  }
  get lock(): string {
    return path.join(this.path, "lock");
  }
  private get record(): string {
    return path.join(this.path, "sandbox.json");
  }

  exists(): boolean {
    return existsSync(this.path);
  }

  async create(): Promise<void> {
    // Its certificates make whoever reads them an administrator of the cluster.
    await mkdir(this.path, { recursive: true, mode: 0o700 });
  }

  /** `undefined` when there is no sandbox, or one that broke off before it had anything to write down. */
  readRecord(): SandboxRecord | undefined {
    try {
      return JSON.parse(readFileSync(this.record, "utf8")) as SandboxRecord;
    } catch {
      return undefined;
    }
  }

  async writeRecord(record: SandboxRecord): Promise<void> {
    await this.writePrivate(this.record, `${JSON.stringify(record, null, 2)}\n`);
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
