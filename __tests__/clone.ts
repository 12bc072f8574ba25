import execa from "execa";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { generated } from "./credentials";

const repository = path.join(__dirname, "..");

/** What a process answered. */
export interface Answer {
  readonly exitCode: number;
  /** Both streams, as a terminal shows them, without colours. */
  readonly output: string;
}

/** A copy of this repository with a sandbox of its own, as a user has it after `git clone` and `npm ci`. */
export class Clone {
  public readonly root: string;
  private readonly variables: NodeJS.ProcessEnv;

  constructor() {
    this.root = fs.mkdtempSync(path.join(os.tmpdir(), "llm-platform-clone-"));
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
    return this.process("node", ["operations/entry.mjs", name, ...args], variables);
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
  public async process(
    file: string,
    args: readonly string[],
    variables: NodeJS.ProcessEnv = {},
  ): Promise<Answer> {
    const { exitCode, all = "" } = await execa(file, args, {
      cwd: this.root,
      env: { ...this.variables, ...variables },
      extendEnv: false,
      reject: false,
      all: true,
      stdin: "ignore",
    });

    return { exitCode: exitCode ?? 1, output: all.replace(/\u001b\[[0-9;]*m/g, "") };
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

  /** The objects of a list. */
  public async list(...args: string[]): Promise<KubernetesObject[]> {
    return (await this.get<{ items: KubernetesObject[] }>(...args)).items;
  }

  /** Helm's own history of a release, the newest revision last. */
  public async history(release: string): Promise<{ revision: number; status: string; chart: string }[]> {
    const { stdout } = await this.helm("history", release, "--namespace", release, "--output", "json");
    return JSON.parse(stdout);
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
