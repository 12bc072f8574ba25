import { compareObjects } from "./compare-objects";
import { type KubernetesObject, type ObjectPair, pairObjects } from "../cluster/kubernetes-object";
import { objectDrift, shownDrift } from "./live-differences";
import type { StoredRelease } from "../helm/stored-release";
import type { Masker } from "../secrets/masking";
import { chartName, type PlannedRelease } from "./planned-release";
import type { DeployedRelease } from "./deployed-release";
import type { ReleaseReport } from "./report";
import type { PlannedResource } from "./resource-changes";

export interface ReleaseSides {
  readonly name: string;
  readonly namespace: string;
  /** Without `live` what is there now is not compared. @default - there is none */
  readonly deployed?: Pick<DeployedRelease, "deployed"> &
    Partial<Pick<DeployedRelease, "live" | "attempted" | "deployedUntil">> & {
      readonly last: Pick<StoredRelease, "version"> & Partial<Pick<StoredRelease, "revision">>;
    };
  /** @default - it is removed */
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
  // Live objects first: a value that a Secret of the cluster holds is then hidden everywhere else.
  const live = deployed?.live?.map((object) => object && masker.object(object));
  const [old, wanted] = [deployed?.deployed ?? [], rendered].map((objects) =>
    objects.map((object) => masker.object(object)),
  ) as [KubernetesObject[], KubernetesObject[]];
  const pairs = pairObjects(old, wanted);
  return {
    report: {
      name,
      namespace,
      chart: planned ? chartName(planned) : name,
      versions: { old: deployed?.last.version, new: planned?.version },
      revision: deployed?.last.revision,
      action,
      objects: compareObjects(pairs),
      live: (deployed?.live ?? []).flatMap((live, i) => {
        const how = { attempted: deployed?.attempted?.[i], deployedUntil: deployed?.deployedUntil };
        const drift = objectDrift(deployed?.deployed[i] as KubernetesObject, live, how);
        return drift ? shownDrift(drift, masker) : [];
      }),
    },
    pairs: pairs.map((pair) => asHelmLooks(pair, pair.old && live?.[old.indexOf(pair.old)])),
  };
}

/** Whether Helm deletes an object that is no longer in a chart is said by the annotations of the live one. */
function asHelmLooks({ old, new: planned }: ObjectPair, live?: KubernetesObject): ObjectPair {
  if (!old || planned || !live) return { old, new: planned };
  return { old: { ...old, metadata: { ...old.metadata, annotations: live.metadata.annotations } } };
}
