import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { engineOf } from "../../settings/engine";
import { lockedProviders, providerLockFile } from "../../settings/provider-lock-file";
import { fieldAt, type Fields } from "../cluster/kubernetes-object";
import { timed } from "../terminal/timing";
import { type CdktfContext, processEnvironment, workingDirectory } from "./cdktf";

/**
 * What a provider is told by whoever starts it, so that nobody starts one by mistake: the same for all.
 *
 * @see https://github.com/hashicorp/terraform-plugin-go/blob/v0.26.0/tfprotov6/tf6server/server.go
 */
const startedBy = {
  TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
  PLUGIN_PROTOCOL_VERSIONS: "5,6",
};

/**
 * Becomes the provider, whose socket nobody else may use, and which ends with whoever holds the input, however that ends. It is
 * killed, and its socket taken away with its folder.
 */
const script = [
  'umask 077; TMPDIR=$(mktemp -d) || exit; export TMPDIR; exec 3<&0; (cat <&3; kill -9 $$; rm -rf "$TMPDIR") >/dev/null &',
  'exec "$0" 3<&- </dev/null',
].join(" ");

/**
 * Does work with the providers of stacks running. Terraform starts each of them by itself three times to plan a stack, and once
 * more to show the plan, which is a third of what a plan of two applications computes. One that several stacks configure alike
 * runs once for all.
 *
 * They are those that `terraform init` checked and put there, in the versions that a stack names. Of what runs already Terraform
 * checks no checksum: those of the lock are held against it here. Where one is not there, or another, Terraform starts its own, or
 * says what is wrong; so it does where somebody debugs it or a provider.
 *
 * One that all of the stacks only read with is left to Terraform, too, which ends it as soon as it has read. The releases read one
 * namespace with the Kubernetes provider, and its 65 MB would be held beside all that Helm's provider takes.
 *
 * @param work is told what a plan of a stack runs with
 * @param patienceMs how long a provider may take to answer, in milliseconds. @default - as long as Terraform lets it
 * @see https://developer.hashicorp.com/terraform/plugin/debugging#running-terraform-with-a-provider-in-debug-mode
 */
export async function withRunningProviders<Result>(
  context: CdktfContext,
  stacks: readonly string[],
  work: (running: (stack: string) => Promise<CdktfContext>) => Promise<Result>,
  patienceMs = 60_000,
): Promise<Result> {
  const isDebugged = Object.keys(context.variables).some((name) => /^TF_(LOG|REATTACH_PROVIDERS)/.test(name));
  const begun = new Map<string, ReturnType<typeof started>>();
  const all = stacks.map((stack) => ({ stack, needed: isDebugged ? [] : providersOf(context, stack) }));
  const used = new Set(
    all.flatMap(({ needed }) => needed.filter(({ readsOnly }) => !readsOnly).map(({ identity }) => identity)),
  );
  const found = all.map(({ stack, needed }) => ({
    stack,
    needed: needed.filter(({ identity }) => used.has(identity)),
  }));
  for (const { stack, needed } of found) {
    for (const { name, identity, program } of needed) {
      if (begun.has(identity)) continue;
      begun.set(
        identity,
        timed(`provider ${path.basename(name)} ${stack}`, () => started(context, stack, program, patienceMs)),
      );
    }
  }
  const running = async (stack: string): Promise<CdktfContext> => {
    const needed = found.find((one) => one.stack === stack)?.needed ?? [];
    const addresses = await Promise.all(
      needed.map(async ({ name, identity }) => [name, (await begun.get(identity))?.address] as const),
    );
    const all = addresses.length > 0 && addresses.every(([, address]) => address);
    return all ? { ...context, providers: JSON.stringify(Object.fromEntries(addresses)) } : context;
  };
  try {
    return await work(running);
  } finally {
    for (const one of await Promise.all(begun.values())) one?.end();
  }
}

interface Provider {
  /** Such as `registry.terraform.io/hashicorp/helm`. */
  readonly name: string;
  /** Stacks for which this is the same share one. */
  readonly identity: string;
  /** Absolute. */
  readonly program: string;
  /** Whether the stack has data sources of it, and no resource. */
  readonly readsOnly: boolean;
}

/** None where one of them is missing, or is not what was locked. */
function providersOf(context: CdktfContext, stack: string): Provider[] {
  const directory = workingDirectory(context, stack);
  const { registry } = engineOf(context.environment.engine, context.variables);
  try {
    const read = (file: string): string => fs.readFileSync(path.join(directory, file), "utf8");
    const configuration: unknown = JSON.parse(read("cdk.tf.json"));
    const locked = lockedProviders(read(providerLockFile));
    const has = (block: string, local: string): boolean =>
      Object.keys((fieldAt(configuration, block) ?? {}) as Fields).some((type) =>
        type.startsWith(`${local}_`),
      );
    const required = Object.entries(fieldAt(configuration, "terraform", "required_providers") as Fields);
    return required.map(([local, provider]) => {
      const source = ["hashicorp", ...String(fieldAt(provider, "source")).split("/")].slice(-2).join("/");
      const name = `${registry}/${source}`;
      const number = String(fieldAt(provider, "version"));
      const version = path.join(directory, ".terraform", "providers", name, number);
      const [platform = ""] = fs.readdirSync(version);
      const folder = path.join(version, platform);
      const lock = locked.find(({ address, version }) => address === name && version === number);
      if (lock && !isLocked(folder, lock.block)) throw new Error(`${folder} is not what was locked`);
      const [program] = fs.readdirSync(folder).filter((file) => file.startsWith("terraform-provider-"));
      return {
        name,
        identity: JSON.stringify([name, number, fieldAt(configuration, "provider", local)]),
        program: path.join(folder, program ?? ""),
        readsOnly: has("data", local) && !has("resource", local),
      };
    });
  } catch {
    // Nothing was synthesized or prepared yet; what is there and is not right, Terraform says.
    return [];
  }
}

/**
 * Whether a package is one that its lock has the checksum of, or that has none, as Terraform sees it.
 *
 * @see https://pkg.go.dev/golang.org/x/mod/sumdb/dirhash#Hash1
 */
function isLocked(folder: string, lock: string): boolean {
  if (!lock.includes("hashes")) return true;
  const sha256 = (content: string | Buffer) => createHash("sha256").update(content);
  const sums = fs
    .readdirSync(folder)
    .sort()
    .map((file) => `${sha256(fs.readFileSync(path.join(folder, file))).digest("hex")}  ${file}\n`);
  return lock.includes(`"h1:${sha256(sums.join("")).digest("base64")}"`);
}

/** @returns undefined where it does not answer */
async function started(context: CdktfContext, stack: string, program: string, patienceMs: number) {
  const child = spawn("sh", ["-c", script, program], {
    // Paths in its configuration are named from there.
    cwd: workingDirectory(context, stack),
    env: { GOGC: "200", ...processEnvironment(context), ...startedBy },
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
  });
  let late: NodeJS.Timeout | undefined;
  const said = await new Promise<string>((resolve) => {
    late = setTimeout(() => resolve(""), patienceMs);
    child.once("error", () => resolve("")).once("exit", () => resolve(""));
    child.stdout.once("data", (line: Buffer) => resolve(line.toString().trim()));
  }).finally(() => clearTimeout(late));
  const end = () => child.stdin.end();
  const [, version, network, socket, protocol] = said.split("|");
  if (protocol === undefined) {
    end();
    return undefined;
  }
  const address = {
    Protocol: protocol,
    ProtocolVersion: Number(version),
    Pid: child.pid,
    // Whoever uses it leaves it running.
    Test: true,
    Addr: { Network: network, String: socket },
  };
  return { address, end };
}
