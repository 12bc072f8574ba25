import { type Charts, loadChartLock } from "./chart-lock";
import { defaultEnvironment } from "./default-environment";
import type { Environment } from "./environment";
import { loadEnvironment } from "./load-environment";
import { SettingsError } from "./settings-error";
import { type ApplicationValues, loadValues } from "./values";

/** Everything that the stacks are made of, read and checked. */
export interface Settings {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: Environment;
  readonly charts: Charts;
  /** Values of an application's chart. */
  readonly values: (application: string) => ApplicationValues;
}

/**
 * The one place where the program looks at its surroundings: which environment, and where charts come from.
 *
 * @param root the repository, absolute
 * @param variables `ENVIRONMENT` names the environment (default: minikube), `CHARTS_DIR` a directory of chart packages,
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
  const environment = mayDeleteData(
    loadEnvironment(root, variables.ENVIRONMENT || defaultEnvironment, variables),
    variables.DELETE_DATA || undefined,
  );
  const charts = loadChartLock(root, variables.CHARTS_DIR || undefined);
  return {
    root,
    environment,
    charts,
    values: (application) => loadValues(root, application, environment.name),
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
