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
  /** Undefined where there is none; without `live` what is there now is not compared. */
  readonly deployed?: Pick<DeployedRelease, "version" | "deployed"> &
    Partial<Pick<DeployedRelease, "revision" | "live">>;
  /** Undefined where it is removed. */
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
  const byIdentity = new Map(live.map((object) => [identity(object), object]));
  const found = (object: KubernetesObject) => byIdentity.get(identity(object));
  return {
    report: {
      name,
      namespace,
      chart: planned ? chartName(planned) : name,
      versions: { old: deployed?.version, new: planned?.version },
      revision: deployed?.revision,
      action,
      objects: compareObjects(pairs),
      live: deployed?.live ? old.flatMap((object) => liveDifferences(object, found(object))) : [],
    },
    pairs: pairs.map((pair) => asHelmLooks(pair, pair.old && found(pair.old))),
  };
}

/** Whether Helm deletes an object that is no longer in a chart is said by the annotations of the live one. */
function asHelmLooks({ old, new: planned }: ObjectPair, live?: KubernetesObject): ObjectPair {
  if (!old || planned || !live) return { old, new: planned };
  return { old: { ...old, metadata: { ...old.metadata, annotations: live.metadata.annotations } } };
}
