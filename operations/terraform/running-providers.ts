import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { engineOf } from "../../settings/engine";
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

/** Becomes the provider, whose socket nobody else may use, and which ends with whoever holds the input, however that ends. */
const script = 'umask 077; exec 3<&0; (cat <&3; kill -9 $$) >/dev/null & exec "$0" 3<&- </dev/null';

/**
 * Does work with the providers of a stack running. Terraform starts each of them by itself three times to plan, and once more
 * to show the plan, which is a third of what a plan of two applications computes.
 *
 * They are those that `terraform init` checked and put there, in the versions that the stack names. Where one is not there,
 * Terraform starts its own, or says what is missing; so it does where somebody debugs it or a provider.
 *
 * @see https://developer.hashicorp.com/terraform/plugin/debugging#running-terraform-with-a-provider-in-debug-mode
 */
export async function withRunningProviders<Result>(
  context: CdktfContext,
  stack: string,
  work: (context: CdktfContext) => Promise<Result>,
): Promise<Result> {
  const isDebugged = Object.keys(context.variables).some((name) => /^TF_(LOG|REATTACH_PROVIDERS)/.test(name));
  const found = isDebugged ? [] : providersOf(context, stack);
  const begun = await Promise.all(
    found.map(({ name, program }) =>
      timed(`provider ${path.basename(name)} ${stack}`, () => started(context, stack, program)),
    ),
  );
  const addresses = begun.flatMap((one, i) => (one ? [[found[i]?.name, one.address] as const] : []));
  const all = addresses.length > 0 && addresses.length === found.length;
  try {
    return await work(
      all ? { ...context, providers: JSON.stringify(Object.fromEntries(addresses)) } : context,
    );
  } finally {
    for (const one of begun) one?.end();
  }
}

interface Provider {
  /** Such as `registry.terraform.io/hashicorp/helm`. */
  readonly name: string;
  /** Absolute. */
  readonly program: string;
}

/** None where one of them is missing. */
function providersOf(context: CdktfContext, stack: string): Provider[] {
  const directory = workingDirectory(context, stack);
  const { registry } = engineOf(context.environment.engine, context.variables);
  try {
    const configuration: unknown = JSON.parse(fs.readFileSync(path.join(directory, "cdk.tf.json"), "utf8"));
    const required = Object.values(fieldAt(configuration, "terraform", "required_providers") as Fields);
    return required.map((provider) => {
      const source = ["hashicorp", ...String(fieldAt(provider, "source")).split("/")].slice(-2).join("/");
      const name = `${registry}/${source}`;
      const version = path.join(
        directory,
        ".terraform",
        "providers",
        name,
        String(fieldAt(provider, "version")),
      );
      const [platform = ""] = fs.readdirSync(version);
      const [program] = fs
        .readdirSync(path.join(version, platform))
        .filter((file) => file.startsWith("terraform-provider-"));
      return { name, program: path.join(version, platform, program ?? "") };
    });
  } catch {
    // Nothing was synthesized or prepared yet.
    return [];
  }
}

/** @returns undefined where it ends instead of answering */
async function started(context: CdktfContext, stack: string, program: string) {
  const child = spawn("sh", ["-c", script, program], {
    // Paths in its configuration are named from there.
    cwd: workingDirectory(context, stack),
    env: { GOGC: "200", ...processEnvironment(context), ...startedBy },
    stdio: ["pipe", "pipe", "ignore"],
    detached: true,
  });
  const said = await new Promise<string>((resolve) => {
    child.once("error", () => resolve("")).once("exit", () => resolve(""));
    child.stdout.once("data", (line: Buffer) => resolve(line.toString().trim()));
  });
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
