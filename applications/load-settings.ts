import { loadChartLock } from "../settings/chart-lock";
import { defaultEnvironment } from "../settings/default-environment";
import type { Environment } from "../settings/environment";
import type { Settings } from "../settings/settings";
import { SettingsError, together } from "../settings/settings-error";
import { type ApplicationValues, loadValues } from "../settings/values";
import { checkValuesAlone } from "./check-values-alone";
import { environmentNames, loadEnvironment } from "./load-environment";
import { keptReleasesOf, releasesOf } from "./releases";
import { refuseUnreadValues } from "./unread-values";

/**
 * The one place where the program looks at its surroundings: which environment, and where charts come from.
 *
 * @param root the repository, absolute
 * @param variables `ENVIRONMENT` names the environment, minikube where it is not set, `CHARTS_DIR` a directory of chart packages,
 * `CLUSTER_KUBECONFIG` another kubeconfig, `DELETE_DATA` the environment whose data this run may delete
 * @throws SettingsError with what is wrong in which file
 */
export function loadSettings(
  root: string,
  variables: {
    readonly ENVIRONMENT?: string;
    readonly CHARTS_DIR?: string;
    readonly CLUSTER_KUBECONFIG?: string;
    readonly DELETE_DATA?: string;
  },
): Settings {
  const names = environmentNames(root);
  // What a machine that forgot a name sets is empty, and must not choose a cluster.
  if (variables.ENVIRONMENT === "") {
    throw new SettingsError(
      `ENVIRONMENT: is set and empty: name an environment (there are: ${names.join(", ")}), or unset it for ${defaultEnvironment}`,
    );
  }
  const name = variables.ENVIRONMENT ?? defaultEnvironment;
  let isLoaded = false;
  const [environment] = together(
    () => {
      const loaded = mayDeleteData(
        loadEnvironment(root, name, variables),
        variables.DELETE_DATA || undefined,
      );
      isLoaded = true;
      return loaded;
    },
    () => refuseUnreadValues(root, names),
    // Which of its packages are needed the environment says.
    () => loadChartLock(root),
    () => {
      if (!isLoaded && names.includes(name)) checkValuesAlone(root, name);
    },
  );
  const used = releasesOf(environment).map(({ application }) => application.chart);
  const charts = loadChartLock(root, variables.CHARTS_DIR || undefined, used);
  // Each is asked for several times, and files are read once.
  const values = new Map<string, ApplicationValues>();
  return {
    root,
    environment,
    charts,
    values: (name) => {
      const found = values.get(name) ?? loadValues(root, valuesNamesOf(environment, name), environment.name);
      values.set(name, found);
      return found;
    },
  };
}

/** The environment, whose data goes with it in this run alone where its name is given. */
function mayDeleteData(environment: Environment, name: string | undefined): Environment {
  if (name === undefined) return environment;
  if (name !== environment.name) {
    throw new SettingsError(
      `DELETE_DATA: expected ${environment.name}, the environment whose data this run may delete, found ${JSON.stringify(name)}: nothing was deleted; correct the variable, or unset it`,
    );
  }
  return { ...environment, storage: { ...environment.storage, onDestroy: "delete" } };
}

/** Whose values files a release has: those of its application, and then its own. */
export function valuesNamesOf(environment: Environment, name: string): readonly string[] {
  const releases = [...releasesOf(environment), ...keptReleasesOf(environment)];
  const release = releases.find((one) => one.name === name);
  return [...new Set([release?.application.name ?? name, name])];
}
