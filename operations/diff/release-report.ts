import { compareObjects } from "./compare-objects";
import { identity, type KubernetesObject, type ObjectPair, pairObjects } from "../cluster/kubernetes-object";
import { liveDifferences } from "./live-differences";
import type { Masker } from "../secrets/masking";
import { chartName, type PlannedRelease } from "./planned-release";
import type { DeployedRelease } from "./deployed-release";
import type { ReleaseReport } from "./report";
import type { PlannedResource } from "./resource-changes";

export interface ReleaseSides {
  readonly name: string;
  readonly namespace: string;
  /** Without `live` what is there now is not compared. @default - undefined where there is none */
  readonly deployed?: Pick<DeployedRelease, "version" | "deployed"> &
    Partial<Pick<DeployedRelease, "revision" | "live">>;
  /** @default - undefined where it is removed */
  readonly planned?: PlannedRelease;
  /** What the planned release renders to, unmasked. */
  readonly rendered: readonly KubernetesObject[];
  readonly action: PlannedResource["action"];
}

/** Compares what was deployed, what is there and what would be deployed; also answers the pairs that warnings look at. */
export function releaseReport(
  { name, namespace, deployed, planned, rendered, action }: ReleaseSides,
  masker: Masker,
): { report: ReleaseReport; pairs: readonly ObjectPair[] } {
  const mask = (objects: readonly KubernetesObject[]) => objects.map((object) => masker.object(object));
  // Live objects first: a value that a Secret of the cluster holds is then hidden everywhere else.
  const live = mask(deployed?.live ?? []);
  const old = mask(deployed?.deployed ?? []);
  const pairs = pairObjects(old, mask(rendered));
  return {
    report: {
      name,
      namespace,
      chart: planned ? chartName(planned) : name,
      versions: { old: deployed?.version, new: planned?.version },
      revision: deployed?.revision,
      action,
      objects: compareObjects(pairs),
      live: deployed?.live ? liveDifferences(old, live) : [],
    },
    pairs: pairs.map((pair) => asHelmLooks(pair, live)),
  };
}

/** Whether Helm deletes an object that is no longer in a chart is said by the annotations of the live one. */
function asHelmLooks(pair: ObjectPair, live: readonly KubernetesObject[]): ObjectPair {
  const { old, new: planned } = pair;
  if (!old || planned) return pair;
  const found = live.find((object) => identity(object) === identity(old));
  if (!found) return pair;
  return { ...pair, old: { ...old, metadata: { ...old.metadata, annotations: found.metadata.annotations } } };
}
