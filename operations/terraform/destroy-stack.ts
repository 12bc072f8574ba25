import execa from "execa";
import * as fs from "node:fs";
import * as path from "node:path";
import { type CdktfContext, processEnvironment, workingDirectory } from "./cdktf";
import type { Interruption } from "./interruption";
import { terraformProgram } from "./program";

/** How a run of Terraform ended, and all that it printed. */
export interface StackRun {
  readonly exitCode: number;
  readonly output: string;
  /** Ended by Ctrl-C: Terraform finished the step that it was at, and left the rest. */
  readonly interrupted: boolean;
}

/** As much of a synthesized stack as is looked at here. */
interface Configuration {
  readonly resource?: Resources;
  readonly variable?: unknown;
  readonly output?: unknown;
}

/** By type and logical id. */
interface Resources {
  readonly [type: string]: { readonly [id: string]: Resource };
}

interface Resource {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly depends_on?: readonly string[];
}

export interface DestroyStackProps {
  readonly context: CdktfContext;
  readonly stack: string;
  readonly interruption: Interruption;
  /** Takes every piece of output. */
  readonly show: (text: string) => void;
}

/** Destroys all of a synthesized stack. */
export async function destroyStack(props: DestroyStackProps): Promise<StackRun> {
  return initialized(props, ["destroy", "-auto-approve", "-input=false", "-no-color"]);
}

/**
 * Destroys what a synthesized stack has, but for the resources that are kept: in the cluster and in the state they stay as
 * they are. To Terraform the others are simply no longer in the configuration, so that what depends on them may stay.
 *
 * @param isKept whether the resource of an address, such as `kubernetes_namespace_v1.chat`, stays
 * @returns also the claims that stay, as `NAMESPACE/NAME`
 */
export async function keepOnly(
  props: DestroyStackProps,
  isKept: (address: string) => boolean,
): Promise<StackRun & { readonly claims: readonly string[] }> {
  const { context, stack } = props;
  const show = (): void => undefined;
  const file = path.join(workingDirectory(context, stack), "cdk.tf.json");
  const whole = fs.readFileSync(file, "utf8");
  const listed = await initialized({ ...props, show }, ["state", "list"]);
  if (listed.exitCode !== 0 && !/No state file was found/.test(listed.output)) {
    return { ...listed, claims: [] };
  }
  // What was never made is not made now.
  const kept = listed.output.split("\n").filter((address) => isKept(address));
  const configuration = JSON.parse(whole) as Configuration;
  fs.writeFileSync(file, JSON.stringify(onlyKept(configuration, kept)));
  try {
    const run = await terraform(props, ["apply", "-auto-approve", "-input=false", "-no-color"]);
    return { ...run, claims: claimsOf(configuration, kept) };
  } finally {
    // Whoever looks at what was synthesized finds all of it.
    fs.writeFileSync(file, whole);
  }
}

/** The claims among some addresses, as `NAMESPACE/NAME`. */
function claimsOf({ resource = {} }: Configuration, addresses: readonly string[]): string[] {
  return Object.entries(resource)
    .filter(([type]) => type.startsWith("kubernetes_persistent_volume_claim"))
    .flatMap(([type, claims]) =>
      Object.entries(claims).map(([id, claim]) => ({ address: `${type}.${id}`, claim })),
    )
    .filter(({ address }) => addresses.includes(address))
    .map(({ claim: { metadata } }) => `${metadata?.namespace ?? "default"}/${metadata?.name ?? ""}`);
}

/**
 * The configuration with the kept resources alone, without what refers to others. Nothing about them changes, whatever
 * was edited since they were deployed.
 *
 * @param kept addresses that are in the state; what is there and no longer in the configuration is let go, not deleted
 */
export function onlyKept(
  { resource = {}, ...configuration }: Configuration,
  kept: readonly string[],
): Configuration & { readonly removed?: unknown } {
  const left = Object.entries(resource)
    .map(([type, resources]) => [
      type,
      Object.fromEntries(
        Object.entries(resources)
          .filter(([id]) => kept.includes(`${type}.${id}`))
          .map(([id, { depends_on: needed = [], ...block }]) => [
            id,
            {
              ...block,
              depends_on: needed.filter((address) => kept.includes(address)),
              lifecycle: { prevent_destroy: true, ignore_changes: "all" },
            },
          ]),
      ),
    ])
    .filter(([, resources]) => Object.keys(resources ?? {}).length > 0);
  const unknown = kept.filter((address) => {
    const [type = "", id = ""] = address.split(".");
    return resource[type]?.[id] === undefined;
  });
  return {
    ...configuration,
    variable: undefined,
    output: undefined,
    // Terraform takes neither of them empty.
    ...(left.length && { resource: Object.fromEntries(left) }),
    ...(unknown.length && { removed: unknown.map((from) => ({ from, lifecycle: { destroy: false } })) }),
  };
}

/** Runs Terraform in the directory of a stack, prepared first: it may never have been. */
async function initialized(props: DestroyStackProps, args: readonly string[]): Promise<StackRun> {
  const silent = { ...props, show: (): void => undefined };
  const init = await terraform(silent, ["init", "-input=false", "-no-color"]);
  return init.exitCode === 0 ? terraform(props, args) : init;
}

async function terraform(
  { context, stack, interruption, show }: DestroyStackProps,
  args: readonly string[],
): Promise<StackRun> {
  const child = execa(terraformProgram(context.variables), args, {
    cwd: workingDirectory(context, stack),
    env: processEnvironment(context),
    extendEnv: false,
    reject: false,
    all: true,
    stdin: "ignore",
    buffer: false,
    // A Ctrl-C in the terminal reaches this process alone, which passes it on once.
    detached: true,
  });
  let output = "";
  child.all?.on("data", (data: Buffer) => {
    output += data.toString();
    show(data.toString());
  });
  const interrupt = (): void => void child.kill("SIGINT", { forceKillAfterTimeout: false });
  const { exitCode } = await interruption.passOn({ name: "terraform", interrupt }, child);
  return { exitCode: exitCode ?? 1, output, interrupted: interruption.signal.aborted };
}
