import type { Charts } from "../../settings/chart-lock";
import { engineOf } from "../../settings/engine";
import type { CdktfContext } from "./cdktf";
import { inOneLine } from "./one-line";
import { terraform } from "./terraform";

/** A place that something must be downloaded from, and why it could not be. */
export interface UnreachableSource {
  readonly source: string;
  readonly reason: string;
  /** The setting that names another place. */
  readonly setting: string;
}

/**
 * Tries every source of a deploy: Terraform gets the providers (which it keeps), and each chart's repository is asked.
 *
 * @param timeoutMs for one repository. @default 5000
 * @returns those that did not answer; empty when a deploy can go on
 */
export async function unreachableSources(
  context: CdktfContext,
  charts: Charts,
  timeoutMs = 5000,
): Promise<UnreachableSource[]> {
  // The stack of the releases uses both providers.
  const providers = unreachableProviders(context, "llm-apps");
  return (await Promise.all([providers, unreachableRepositories(charts, timeoutMs)])).flat();
}

/**
 * Asks the repository of each chart that is not in a directory of packages.
 *
 * @param timeoutMs for one repository
 * @returns those that did not answer
 */
export async function unreachableRepositories(
  charts: Charts,
  timeoutMs: number,
): Promise<UnreachableSource[]> {
  const asked = Object.values(charts).filter((chart) => !chart.package);
  const found = asked.map(async ({ name, repository }): Promise<UnreachableSource[]> => {
    const reason = await refusal(repository, timeoutMs);
    if (reason === undefined) return [];
    const setting = "CHARTS_DIR, a directory of chart packages named NAME-VERSION.tgz";
    return [{ source: `the repository of the chart ${name} (${repository})`, reason, setting }];
  });
  return (await Promise.all(found)).flat();
}

/** Why a repository does not answer; undefined where it does. */
async function refusal(repository: string, timeoutMs: number): Promise<string | undefined> {
  const oci = /^oci:\/\/([^/]+)/.exec(repository);
  const address = oci ? `https://${oci[1]}/v2/` : `${repository}/index.yaml`;
  // A registry answers 401 to everybody at first: it is there.
  return noAnswer(address, timeoutMs, (status) => status < 300 || (oci !== null && status === 401));
}

/** Why an address does not answer; undefined where it does. @param good the statuses of an answer */
export async function noAnswer(
  address: string,
  timeoutMs: number,
  good: (status: number) => boolean,
): Promise<string | undefined> {
  try {
    const { status } = await fetch(address, { method: "HEAD", signal: AbortSignal.timeout(timeoutMs) });
    return good(status) ? undefined : `answered ${status} to ${address}`;
  } catch (error) {
    const cause = (error as { cause?: { code?: string; message?: string } }).cause;
    return cause?.code ?? cause?.message ?? (error as Error).message;
  }
}

/** Has Terraform get the providers of one synthesized stack. */
export async function unreachableProviders(
  context: CdktfContext,
  stack: string,
): Promise<UnreachableSource[]> {
  const impatient = { TF_REGISTRY_DISCOVERY_RETRY: "0", TF_REGISTRY_CLIENT_TIMEOUT: "5" };
  const { exitCode, all } = await terraform(
    { ...context, variables: { ...impatient, ...context.variables } },
    stack,
    ["init", "-input=false", "-no-color", "-get=false"],
  );
  if (exitCode === 0) return [];
  const { title } = engineOf(context.environment.engine, context.variables);
  const text = inOneLine(all);
  const provider = /provider\s+(?:[\w.]+\/)?(hashicorp\/\w+)/.exec(text)?.[1] ?? "providers";
  const reason = /(?:Error: )(.*?)(?= Error: |$)/.exec(text)?.[1] ?? text;
  return [
    {
      source: `the registry of ${title}'s providers (${provider})`,
      reason: reason.slice(0, 300),
      setting:
        "a mirror in its CLI configuration: provider_installation { filesystem_mirror { path = … } } in the file that TF_CLI_CONFIG_FILE names",
    },
  ];
}
