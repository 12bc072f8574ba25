import { fieldAt, type KubernetesObject, type ObjectPair, title } from "../cluster/kubernetes-object";
import { same } from "./unified-diff";

/**
 * What of the data a change of a release would touch, one sentence each; empty where nothing.
 *
 * A claim that is in the new revision alone is counted, too: the next deploy, which does not have it, would delete it.
 */
export function dataLosses(pairs: readonly ObjectPair[]): string[] {
  return pairs.flatMap(({ old, new: planned }): string[] => {
    const any = planned ?? old;
    if (any?.kind !== "PersistentVolumeClaim") return [];
    if (isKept(old) && isKept(planned)) return [];
    if (!planned) return [`${title(any)} would be deleted, and its data with it`];
    if (!old) {
      return [
        `${title(any)} would become part of the release, and the next deploy would delete it with its data`,
      ];
    }
    return same(old.spec, planned.spec) ? [] : [`${title(any)} would have to be made anew, without its data`];
  });
}

/** A claim that Helm leaves alone when a release no longer has it; what is not there is not touched either. */
function isKept(claim: KubernetesObject | undefined): boolean {
  if (!claim) return true;
  return fieldAt(claim, "metadata", "annotations", "helm.sh/resource-policy") === "keep";
}
