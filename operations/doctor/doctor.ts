import { releasesOf } from "../../applications/releases";
import { SettingsError } from "../../settings/settings-error";
import type { Environment } from "../../settings/environment";
import type { Settings } from "../../settings/settings";
import { OperationError } from "../errors/operation-error";
import { type Check, checkGroups, checkOf } from "./check";
import { downloadSourceChecks } from "./download-sources";
import { hostChecks } from "./hosts";
import type { NodeVersions } from "./node";
import { type DeployPlan, planOf } from "./plan";
import { ownQuotaChecks } from "./quotas";
import { toolChecks } from "./tools";
import { clusterChecks } from "./cluster-checks";

export interface DoctorProps {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: Environment;
  /** The process's environment. */
  readonly variables: NodeJS.ProcessEnv;
  readonly node: NodeVersions;
  /** Whether the environment is the embedded cluster; `provided` says whether its programs are there. @default - it is not */
  readonly sandbox?: { readonly provided: boolean };
  /** Loads the settings, or throws what is wrong with them. */
  readonly settings: () => Settings;
  /** Where the credentials come from, in words; throws what is wrong with them, never a value. */
  readonly credentials: () => Promise<string>;
}

/**
 * Looks whether this machine, this environment and its cluster are fit for a deploy. Changes nothing.
 *
 * @returns every check, in the order of the groups
 */
export async function doctor(props: DoctorProps): Promise<Check[]> {
  const { root, environment, variables, node, sandbox } = props;
  const { check, settings, plan } = settingsCheck(props);
  // What waits for others goes first: loading the Kubernetes client takes half a second, and nothing is read meanwhile.
  const elsewhere = [
    toolChecks({
      variables,
      node,
      sandbox: sandbox !== undefined,
      provided: sandbox?.provided ?? false,
    }),
    downloadSourceChecks({ root, variables, charts: settings?.charts }),
    sandbox ? [] : hostChecks(environment),
  ];
  const cluster = await inCluster(root, environment, plan);
  const answers = cluster.some(({ name, result }) => name === "API server" && result === "ok");
  const checks = [
    ...(await Promise.all(elsewhere)).flat(),
    check,
    ...(plan ? ownQuotaChecks(environment, plan.pods) : []),
    await credentialsCheck(props, answers),
    ...cluster,
  ];
  return checkGroups.flatMap((group) => checks.filter((one) => one.group === group));
}

/** After the other work was begun: the Kubernetes client is loaded here, which takes a third of a second. */
async function inCluster(root: string, environment: Environment, plan: DeployPlan): Promise<Check[]> {
  await new Promise(setImmediate);
  return clusterChecks(root, environment, plan);
}

interface CheckedSettings {
  readonly check: Check;
  readonly settings?: Settings;
  readonly plan: DeployPlan;
}

function settingsCheck({ settings: load, environment }: DoctorProps): CheckedSettings {
  const check = checkOf("environment", "settings");
  try {
    const settings = load();
    const plan = planOf(settings);
    const found = `environments/${environment.name}.yaml, the values of ${releasesOf(environment)
      .map(({ name }) => name)
      .join(" and ")}`;
    return { settings, plan, check: check.ok(found) };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return {
      // What pods ask for is not known: the cluster is looked at all the same.
      plan: { namespaces: releasesOf(environment).map(({ namespace }) => namespace), charts: [], pods: [] },
      check: check.failed(error.message, `npm start -- --environment ${environment.name} checks them again`),
    };
  }
}

async function credentialsCheck(
  { credentials, environment }: DoctorProps,
  clusterAnswers: boolean,
): Promise<Check> {
  const check = checkOf("environment", "credentials");
  if (environment.credentials.source === "secret" && !clusterAnswers) {
    return check.notChecked("they are in a Secret of the cluster, which does not answer");
  }
  try {
    return check.ok(`complete and well-formed, from ${await credentials()}`);
  } catch (error) {
    if (!(error instanceof OperationError || error instanceof SettingsError)) throw error;
    return check.failed(
      error.found ?? error.message,
      error.next ?? `npm run secrets -- check --environment ${environment.name}`,
    );
  }
}
