import execa from "execa";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { generated } from "./credentials";
import { programsOf, providePrograms } from "../operations/sandbox/programs";
import { startSandbox } from "../operations/sandbox/sandbox";
import { pauseSandbox } from "./pause-sandbox";
import { type Answer, RunningProcess } from "./running-process";

const repository = path.join(__dirname, "..");

/** A copy of this repository with a sandbox of its own, as a user has it after `git clone` and `npm ci`. */
export class Clone {
  public readonly root: string;
  private readonly variables: NodeJS.ProcessEnv;

  constructor() {
    this.root = fs.mkdtempSync(path.join(os.tmpdir(), `llm-platform-clone-${process.pid}-`));
    const { stdout } = execa.sync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
      cwd: repository,
    });
    for (const file of stdout.split("\n")) {
      const source = path.join(repository, file);
      // A file that was removed but not committed is listed all the same.
      if (!fs.existsSync(source)) continue;
      // An unchanged package-lock.json must not look newer than what was installed for it.
      fs.cpSync(source, path.join(this.root, file), { preserveTimestamps: true });
    }
    fs.symlinkSync(path.join(repository, "node_modules"), path.join(this.root, "node_modules"));
    const left = (name: string): boolean =>
      name.startsWith("TF_VAR_") || ["CI", "ENVIRONMENT"].includes(name);
    this.variables = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !left(name))),
      CHECKPOINT_DISABLE: "1",
      DISABLE_VERSION_CHECK: "1",
    };
  }

  /** What `npm run NAME -- ARGS` runs. */
  public npm(name: string, args: readonly string[] = [], variables: NodeJS.ProcessEnv = {}): Promise<Answer> {
    return this.npmBegun(name, args, variables).ended();
  }

  /** {@link npm}, beside the test. */
  public npmBegun(
    name: string,
    args: readonly string[] = [],
    variables: NodeJS.ProcessEnv = {},
  ): RunningProcess {
    return this.begun("node", ["operations/entry.mjs", name, ...args], variables);
  }

  /** A script of these tests, which reads lines. */
  public script(
    file: string,
    args: readonly string[] = [],
    variables: NodeJS.ProcessEnv = {},
  ): RunningProcess {
    return this.begun("node", ["--require", "./operations/typescript.cjs", file, ...args], variables, "pipe");
  }

  /** `npx cdktf ARGS` for the sandbox, with the credentials sourced from their file where there is one. */
  public cdktf(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Answer> {
    return this.process("node", ["node_modules/cdktf-cli/bundle/bin/cdktf.js", ...args, "--no-color"], {
      ENVIRONMENT: "sandbox",
      CI: "1",
      ...this.credentialVariables(),
      ...variables,
    });
  }

  /** A process in the clone. It is not thrown at when it fails. */
  public process(file: string, args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Answer> {
    return this.begun(file, args, variables).ended();
  }

  private begun(
    file: string,
    args: readonly string[],
    variables: NodeJS.ProcessEnv,
    stdin: "ignore" | "pipe" = "ignore",
  ): RunningProcess {
    return new RunningProcess(
      execa(file, args, {
        cwd: this.root,
        env: { ...this.variables, ...variables },
        extendEnv: false,
        reject: false,
        all: true,
        stdin,
      }),
    );
  }

  /** Git in the clone, as somebody who may commit. */
  public async git(...args: string[]): Promise<string> {
    const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
    return (await execa("git", [...author, ...args], { cwd: this.root })).stdout;
  }

  /** Commits everything, and makes the clone a repository where it is none yet. @returns the commit's hash */
  public async commit(message: string): Promise<string> {
    await this.git("init", "--quiet");
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--allow-empty", "--message", message);
    return this.git("rev-parse", "HEAD");
  }

  /** Starts what of the sandbox does not run. Terraform is not needed. */
  public async startCluster(models: readonly string[] = ["tiny"]): Promise<void> {
    const binaries = await providePrograms(programsOf(process.env));
    await startSandbox({ directory: this.file(".sandbox"), binaries, models });
  }

  /** Stops the cluster and keeps its data, until {@link startCluster}. */
  public async pauseCluster(): Promise<void> {
    await pauseSandbox(this.file(".sandbox"));
  }

  /** Processes that were started in the clone, by a part of their command line. */
  public processes(command: string): number[] {
    return fs
      .readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => {
        try {
          return (
            fs.readlinkSync(`/proc/${pid}/cwd`).startsWith(this.root) &&
            fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").includes(command)
          );
        } catch {
          // It has ended in the meantime, or is another user's.
          return false;
        }
      });
  }

  /** What the cluster has, parsed: `kubectl get ARGS -o json`. */
  public async get<T = KubernetesObject>(...args: string[]): Promise<T> {
    const { stdout } = await execa(
      process.env.KUBECTL ?? "kubectl",
      ["--kubeconfig", this.file(".sandbox/kubeconfig"), "get", ...args, "-o", "json"],
      { env: this.variables, extendEnv: false },
    );
    return JSON.parse(stdout) as T;
  }

  public async kubectl(...args: string[]): Promise<void> {
    await execa(process.env.KUBECTL ?? "kubectl", [
      "--kubeconfig",
      this.file(".sandbox/kubeconfig"),
      ...args,
    ]);
  }

  /** Makes an object. */
  public async create(object: object): Promise<void> {
    await execa(
      process.env.KUBECTL ?? "kubectl",
      ["--kubeconfig", this.file(".sandbox/kubeconfig"), "create", "-f", "-"],
      { input: JSON.stringify(object) },
    );
  }

  /** The objects of a list. */
  public async list(...args: string[]): Promise<KubernetesObject[]> {
    return (await this.get<{ items: KubernetesObject[] }>(...args)).items;
  }

  /** What each claim is to its data: who it is, and the volume that is behind it. */
  public async claims(): Promise<{ [claim: string]: string }> {
    const all = await this.list("pvc", "--all-namespaces");
    return Object.fromEntries(
      all.map(({ metadata, spec }) => [
        `${metadata.namespace}/${metadata.name}`,
        `${metadata.uid} ${String(spec.volumeName)}`,
      ]),
    );
  }

  /** Helm's own history of a release, the newest revision last. */
  public async history(release: string): Promise<{ revision: number; status: string; chart: string }[]> {
    const { stdout } = await this.helm("history", release, "--namespace", release, "--output", "json");
    return JSON.parse(stdout);
  }

  /** Waits until Helm has begun another revision of a release, and no pod of it is waited for yet. */
  public async pending(release: string): Promise<void> {
    const newest = (await this.history(release).catch(() => [])).at(-1);
    if (newest?.status.startsWith("pending-")) return;
    const secret = `sh.helm.release.v1.${release}.v${(newest?.revision ?? 0) + 1}`;
    await this.kubectl("wait", "--for=create", `secret/${secret}`, "--namespace", release, "--timeout=120s");
  }

  public helm(...args: string[]): execa.ExecaChildProcess {
    return execa(process.env.HELM ?? "helm", [
      ...args,
      "--kubeconfig",
      this.file(".sandbox/kubeconfig"),
      "--kube-context",
      "sandbox",
    ]);
  }

  public file(name: string): string {
    return path.join(this.root, name);
  }

  public read(name: string): string {
    return fs.readFileSync(this.file(name), "utf8");
  }

  /** Changes one place of a file; a text that is not there is an error. */
  public replace(name: string, from: string, to: string): void {
    const text = this.read(name);
    if (!text.includes(from)) throw new Error(`${name} does not contain ${JSON.stringify(from)}`);
    fs.writeFileSync(this.file(name), text.replace(from, to));
  }

  /** Gives the pods of a release of the sandbox another time to become ready. @param seconds without: its own again */
  public timeOut(release: string, seconds?: number): void {
    const environment = "environments/sandbox.yaml";
    const line = new RegExp(`^  ${release}:\\n(    timeoutSeconds: \\d+\\n)?`, "m");
    const text = this.read(environment);
    if (!line.test(text)) throw new Error(`${environment} has no release ${release}`);
    const own = seconds === undefined ? "" : `    timeoutSeconds: ${seconds}\n`;
    fs.writeFileSync(this.file(environment), text.replace(line, `  ${release}:\n${own}`));
  }

  /** Plants credentials by which the tests recognize them. */
  public writeCredentials(values: { readonly [variable: string]: string }): void {
    fs.mkdirSync(this.file("credentials"), { recursive: true, mode: 0o700 });
    const lines = Object.entries(values).map(([name, value]) => `export TF_VAR_${name}=${value}\n`);
    fs.writeFileSync(this.file("credentials/sandbox.env"), lines.join(""), { mode: 0o600 });
  }

  public credentialVariables(): NodeJS.ProcessEnv {
    if (!fs.existsSync(this.file("credentials/sandbox.env"))) return {};
    const entries = [...this.read("credentials/sandbox.env").matchAll(/export (TF_VAR_\w+)=(.*)/g)];
    return Object.fromEntries(entries.map(([, name, value]) => [name, value]));
  }

  /** Files under the clone that contain a text, apart from where the text belongs. */
  public filesWith(text: string): string[] {
    const needle = Buffer.from(text);
    const found: string[] = [];
    const visit = (folder: string): void => {
      for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
        const file = path.join(folder, entry.name);
        const name = path.relative(this.root, file);
        // The cluster's own database holds its Secrets; providers are linked into the working directories.
        if (["node_modules", ".sandbox", "credentials"].includes(name)) continue;
        if (entry.isSymbolicLink()) continue;
        if (entry.isDirectory()) visit(file);
        else if (fs.readFileSync(file).includes(needle)) found.push(name);
      }
    };
    visit(this.root);
    return found;
  }

  /** Takes the sandbox down and deletes the copy, whatever state both are in. */
  public async remove(): Promise<void> {
    await this.npm("down");
    fs.rmSync(this.root, { recursive: true, force: true });
  }
}

/** As much of an object as the tests look at. */
export interface KubernetesObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly labels?: { readonly [label: string]: string };
  };
  readonly spec: { readonly [key: string]: never } & { readonly nodeName?: string };
  readonly status: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
  readonly data?: { readonly [key: string]: string };
}

/** Values that nothing else would contain, well-formed as credentials. */
export function sentinels(seed: string): { [variable: string]: string } {
  return Object.fromEntries(
    generated.map(({ variable, bytes }, i) => [
      variable,
      Buffer.from(`${seed}${i}sentinel-that-is-nowhere-else`.repeat(2)).subarray(0, bytes).toString("hex"),
    ]),
  );
}
