import { applicationCheck } from "../../contracts/application-check";
import { applicationValues } from "../../applications/application-values";
import { loadContract } from "../../contracts/contract";
import type { Settings } from "../../settings/load-settings";
import type { ChartRange } from "./kubernetes-version";
import { podRequests, type PodRequest } from "./requests";

/** What a deploy will put into the cluster, as far as the checks need to know. */
export interface DeployPlan {
  /** The platform's namespaces: one for each application. */
  readonly namespaces: readonly string[];
  readonly charts: readonly ChartRange[];
  readonly pods: readonly PodRequest[];
}

/**
 * Takes from the settings what a deploy asks of the cluster. Every value is held against its chart's contract on the way.
 *
 * @throws SettingsError when a value or a contract is wrong
 */
export function planOf(settings: Settings): DeployPlan {
  const { environment, charts, root } = settings;
  const { gpu } = environment;
  const applications = Object.keys(charts);
  const values = applications.map((application) => {
    const merged = applicationValues(settings, application);
    applicationCheck(settings, application)(merged);
    return { application, merged };
  });
  return {
    namespaces: applications,
    charts: Object.values(charts).map(({ name, version }) => ({
      chart: name,
      kubeVersion: loadContract(root, name, version).kubeVersion,
    })),
    pods: values.flatMap(({ application, merged }) =>
      podRequests({
        application,
        values: merged,
        ...(application === "ollama" &&
          gpu.count > 0 && { gpus: { [`${gpu.type}.com/gpu`]: String(gpu.count) } }),
      }),
    ),
  };
}
