import type { KubernetesApi } from "../cluster/kubernetes-api";
import type { ResourceKind } from "../cluster/resource-kinds";

/** What a chart can ask about the cluster. */
export interface Capabilities {
  /** Such as `v1.35.4`. */
  readonly kubeVersion: string;
  /** Groups, versions and kinds, separated by commas: `apps/v1,apps/v1/Deployment,…`. */
  readonly apiVersions: string;
}

/**
 * Asks the cluster once for all releases: with `helm template --validate` each of them would ask, and load the cluster's
 * OpenAPI schema besides, which takes three times as long as rendering does.
 */
export async function clusterCapabilities(
  api: KubernetesApi,
  kinds: readonly ResourceKind[],
): Promise<Capabilities> {
  const { gitVersion } = await api.get<{ gitVersion: string }>("/version");
  const names = kinds.flatMap(({ group, version, kind }) => {
    const groupVersion = group === "" ? version : `${group}/${version}`;
    return [groupVersion, `${groupVersion}/${kind}`];
  });
  return { kubeVersion: gitVersion, apiVersions: [...new Set(names)].join(",") };
}
