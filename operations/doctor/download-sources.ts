import * as fs from "node:fs";
import * as path from "node:path";
import type { Charts } from "../../settings/chart-lock";
import { engineOf } from "../../settings/engine";
import type { Environment } from "../../settings/environment";
import { noAnswer, unreachableRepositories } from "../terraform/sources";
import { homeDirectory } from "../terminal/home-directory";
import { type Check, checkOf } from "./check";
import { providerInstallation } from "./provider-installation";

export interface DownloadSourcesProps {
  readonly environment: Pick<Environment, "engine" | "providers">;
  /** The process's environment: `TF_CLI_CONFIG_FILE` names the engine's configuration. */
  readonly variables: NodeJS.ProcessEnv;
  /** @default - the settings are wrong, and the charts are not known */
  readonly charts?: Charts;
}

interface Provider {
  /** Of its registry. */
  readonly host: string;
  /** Such as hashicorp/helm. */
  readonly name: string;
  readonly version: string;
}

/** For one answer. */
const timeoutMs = 2000;

const mirror =
  "name a mirror in the file of TF_CLI_CONFIG_FILE: provider_installation { filesystem_mirror { path = … } }";

/** Whether everything that a deploy downloads is to be had: Terraform's providers and the charts. Downloads nothing. */
export async function downloadSourceChecks(props: DownloadSourcesProps): Promise<Check[]> {
  const checks = await Promise.all([providersCheck(props), chartsChecks(props)]);
  return checks.flat();
}

/** Not by `terraform init`, which takes a second and changes the stacks' directories. */
async function providersCheck({ environment, variables }: DownloadSourcesProps): Promise<Check> {
  const check = checkOf("sources", "providers");
  const { program, registry: host, configuration } = engineOf(environment.engine, variables);
  const { directories, networkMirrors, direct } = providerInstallation(
    cliConfiguration(variables, configuration),
  );
  const wanted = Object.entries(environment.providers).map(([name, version]): Provider => ({
    host,
    name: `hashicorp/${name}`,
    version,
  }));
  const all = wanted.map(({ name, version }) => `${name} ${version}`).join(", ");
  const missing = wanted.filter(
    (provider) => !directories.some((directory) => inMirror(expand(directory), provider)),
  );
  if (!missing.length) return check.ok(`${all} in ${directories.join(", ")}`);
  const [url] = networkMirrors;
  const asked = url ?? (direct ? `https://${host}/.well-known/terraform.json` : undefined);
  if (asked === undefined) {
    const lacking = missing.map(({ name, version }) => `${name} ${version}`).join(", ");
    return check.failed(
      `${directories.join(", ")} lacks ${lacking}, and no other place is allowed`,
      `${program} providers mirror ${directories[0] ?? "DIRECTORY"}, where the registry is reachable`,
    );
  }
  // A mirror need not have anything at its root: whoever answers is there.
  const fault = await noAnswer(asked, timeoutMs, (status) => status < 500);
  if (fault === undefined) return check.ok(`${all} from ${new URL(asked).host}`);
  return check.failed(`${new URL(asked).host} did not answer: ${fault}`, mirror);
}

async function chartsChecks({ charts }: DownloadSourcesProps): Promise<Check[]> {
  if (!charts) return [];
  const fetched = Object.values(charts).filter((chart) => !chart.package);
  const check = checkOf("sources", "charts");
  const names = (some: typeof fetched): string =>
    some.map(({ name, version }) => `${name} ${version}`).join(", ");
  if (!fetched.length) return [check.ok(`${names(Object.values(charts))} in CHARTS_DIR`)];
  const missing = await unreachableRepositories(charts, timeoutMs);
  if (!missing.length) return [check.ok(`the repositories of ${names(fetched)} answer`)];
  return missing.map(({ source, reason, setting }) =>
    check.failed(
      `${source} did not answer: ${reason}`,
      `export CHARTS_DIR: ${setting.replace(/^CHARTS_DIR, /, "")}`,
    ),
  );
}

/** @param names what the file is called in the home directory: the first that is there is read */
function cliConfiguration(
  { TF_CLI_CONFIG_FILE: named }: NodeJS.ProcessEnv,
  names: readonly string[],
): string | undefined {
  if (named) return readIfThere(path.resolve(expand(named)));
  return names
    .map((name) => readIfThere(path.join(homeDirectory(), name)))
    .find((text) => text !== undefined);
}

/** A mirror holds packed providers, or unpacked ones in one folder for each platform. */
function inMirror(directory: string, { host, name, version }: Provider): boolean {
  const folder = path.join(directory, host, name);
  const type = name.split("/").at(-1);
  try {
    return fs
      .readdirSync(folder)
      .some((entry) => entry === version || entry.startsWith(`terraform-provider-${type}_${version}_`));
  } catch {
    return false;
  }
}

function expand(file: string): string {
  return file.replace(/^~(?=\/|$)/, homeDirectory());
}

function readIfThere(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
