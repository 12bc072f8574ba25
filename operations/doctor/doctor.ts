import { loadSettings } from "../../applications/load-settings";
import { switchedOff } from "../../applications/pod-security";
import { namespacesOf, releasesOf } from "../../applications/releases";
import { SettingsError } from "../../settings/settings-error";
import { sandboxEnvironment } from "../sandbox/sandbox-environment";
import { type CredentialsContext, deployCredentials } from "../secrets/deploy-credentials";
import { OperationError } from "../errors/operation-error";
import { type Check, checkGroups, checkOf } from "./check";
import { downloadSourceChecks } from "./download-sources";
import { hostChecks } from "./hosts";
import { openidIssuerChecks } from "./openid-issuers";
import { planOf } from "./plan";
import { ownQuotaChecks } from "./quotas";
import { toolChecks } from "./tools";
import { clusterChecks } from "./cluster-checks";

/**
 * Looks whether this machine, this environment and its cluster are fit for a deploy. Changes nothing.
 *
 * @returns every check, in the order of the groups
 */
export async function doctor(props: CredentialsContext): Promise<Check[]> {
  const { root, environment, variables } = props;
  const sandbox = environment.name === sandboxEnvironment;
  const { check, settings, plan } = settingsCheck(props);
  // What waits for others goes first.
  const elsewhere = [
    toolChecks(environment, variables, sandbox),
    downloadSourceChecks({ environment, variables, charts: settings?.charts }),
    sandbox ? [] : hostChecks(environment),
    openidIssuerChecks(environment),
  ];
  const cluster = await clusterChecks(root, environment, plan);
  const answers = cluster.some(({ name, result }) => name === "API server" && result === "ok");
  const checks = [
    ...(await Promise.all(elsewhere)).flat(),
    check,
    ...switchedOff(environment).map((text) => checkOf("environment", "rules").warning(text)),
    ...ownQuotaChecks(environment, plan.pods),
    await credentialsCheck(props, answers),
    ...cluster,
  ];
  return checkGroups.flatMap((group) => checks.filter((one) => one.group === group));
}

function settingsCheck({ root, environment, variables }: CredentialsContext) {
  const check = checkOf("environment", "settings");
  try {
    const settings = loadSettings(root, { ...variables, ENVIRONMENT: environment.name });
    const plan = planOf(settings);
    const found = `environments/${environment.name}.yaml, the values of ${releasesOf(environment)
      .map(({ name }) => name)
      .join(" and ")}`;
    return { settings, plan, check: check.ok(found) };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return {
      // What pods ask for is not known: the cluster is looked at all the same.
      plan: { namespaces: namespacesOf(environment), charts: [], pods: [] },
      check: check.failed(error.message, `npm start -- --environment ${environment.name} checks them again`),
    };
  }
}

async function credentialsCheck(props: CredentialsContext, clusterAnswers: boolean): Promise<Check> {
  const { environment } = props;
  const check = checkOf("environment", "credentials");
  if (environment.credentials.source === "secret" && !clusterAnswers) {
    return check.notChecked("they are in a Secret of the cluster, which does not answer");
  }
  try {
    const { source } = await deployCredentials(props);
    return check.ok(`complete and well-formed, from ${source}`);
  } catch (error) {
    if (!(error instanceof OperationError || error instanceof SettingsError)) throw error;
    return check.failed(
      error.found ?? error.message,
      error.next ?? `npm run secrets -- check --environment ${environment.name}`,
    );
  }
}
