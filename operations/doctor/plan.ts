import { checkedValues, checkKeptReleases } from "../../applications/release-check";
import { namespacesOf, releasesOf } from "../../applications/releases";
import { chartOf } from "../../applications/release-values";
import { loadContract } from "../../contracts/contract-file";
import type { Settings } from "../../settings/settings";
import type { ChartRange } from "./kubernetes-version";
import { podRequests, type PodRequest } from "./requests";

/** What a deploy will put into the cluster, as far as the checks need to know. */
export interface DeployPlan {
  /** The platform's namespaces: one for each release, installed or not. */
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
  const { environment, root } = settings;
  checkKeptReleases(settings);
  const releases = releasesOf(environment).map((release) => {
    const chart = chartOf(settings, release);
    return { release, chart, values: checkedValues(settings, release) };
  });
  return {
    namespaces: namespacesOf(environment),
    charts: releases.map(({ chart: { name, version } }) => ({
      chart: name,
      kubeVersion: loadContract(root, name, version).kubeVersion,
    })),
    pods: releases.flatMap(({ release: { name, namespace, application, own }, values }) => {
      const gpus = Object.entries(application.gpus?.(own) ?? {}).filter(([, count]) => count > 0);
      return podRequests({
        release: name,
        namespace,
        values,
        ...(gpus.length > 0 && {
          gpus: Object.fromEntries(gpus.map(([resource, count]) => [resource, String(count)])),
        }),
      });
    }),
  };
}
