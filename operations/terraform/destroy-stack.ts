import * as path from "node:path";
import { type ApplyRun, type ApplyRunProps, runApply } from "./apply-run";
import { workingDirectory } from "./cdktf";
import { type Configuration, stayingResources, withCutConfiguration } from "./cut-configuration";
import { withPlanFiles } from "./plan-directory";
import { terraform, type TerraformRun } from "./terraform";

export type DestroyStackProps = Pick<ApplyRunProps, "context" | "stack" | "interruption" | "onEvent">;

/** Destroys all of a synthesized stack. */
export async function destroyStack(props: DestroyStackProps): Promise<ApplyRun> {
  const init = await initialize(props);
  return init.exitCode === 0 ? apply(props, "-destroy") : failed(init);
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
): Promise<ApplyRun & { readonly claims: readonly string[] }> {
  const { context, stack } = props;
  const init = await initialize(props);
  const listed = init.exitCode === 0 ? await terraform(context, stack, ["state", "list"]) : init;
  if (listed.exitCode !== 0 && !/No state file was found/.test(listed.stderr)) {
    return { ...failed(listed), claims: [] };
  }
  // What was never made is not made now.
  const inState = listed.stdout.split("\n").filter((address) => isKept(address));
  let claims: readonly string[] = [];
  const run = await withCutConfiguration(
    context,
    stack,
    (whole) => {
      const kept = whereToday(whole, inState);
      claims = claimsOf(whole, kept);
      return onlyKept(whole, kept);
    },
    () => apply(props),
  );
  return { ...run, claims };
}

/** Addresses of a state as the configuration has them. */
export function whereToday({ moved = [] }: Configuration, addresses: readonly string[]): string[] {
  return addresses.map((address) => moved.find(({ from }) => from === address)?.to ?? address);
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
  configuration: Configuration,
  kept: readonly string[],
): Configuration & { readonly removed?: unknown } {
  const unknown = kept.filter((address) => {
    const [type = "", id = ""] = address.split(".");
    return configuration.resource?.[type]?.[id] === undefined;
  });
  return {
    ...configuration,
    variable: undefined,
    output: undefined,
    resource: stayingResources(configuration, (address) => kept.includes(address), {
      lifecycle: { prevent_destroy: true, ignore_changes: "all" },
    }),
    ...(unknown.length && { removed: unknown.map((from) => ({ from, lifecycle: { destroy: false } })) }),
  };
}

/** Prepares the directory of a stack: it may never have been. */
function initialize({ context, stack }: DestroyStackProps): Promise<TerraformRun> {
  return terraform(context, stack, ["init", "-input=false", "-no-color"]);
}

function failed({ exitCode, stderr }: TerraformRun): ApplyRun {
  const summary = stderr.replace(/^[│╷╵]\s?/gm, "").replace(/^\s*Error: /, "");
  return { exitCode, errors: [{ severity: "error", summary, detail: "" }] };
}

function apply({ context, stack, ...props }: DestroyStackProps, ...args: string[]): Promise<ApplyRun> {
  return withPlanFiles([workingDirectory(context, stack)], ([file = ""]) =>
    runApply({
      ...props,
      context,
      stack,
      args: [...args, "-auto-approve"],
      output: path.join(path.dirname(file), "output"),
    }),
  );
}
