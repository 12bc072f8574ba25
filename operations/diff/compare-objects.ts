import { type KubernetesObject, type ObjectPair, title } from "../cluster/kubernetes-object";
import { type LineDiff, same, unifiedDiff } from "./unified-diff";

/** What happens to one object of a release. */
export interface ObjectChange extends LineDiff {
  /** Such as `Deployment/chat`. */
  readonly object: string;
  readonly namespace: string;
  readonly action: "add" | "change" | "destroy";
  /** Only the labels differ in which a chart repeats its own version. */
  readonly versionLabelsOnly: boolean;
}

/** Labels that change with every version of a chart, and say nothing that the chart's version does not. */
const versionLabels = ["helm.sh/chart", "app.kubernetes.io/version", "chart"];

/** What differs, object by object. Both sides must be masked. */
export function compareObjects(pairs: readonly ObjectPair[]): ObjectChange[] {
  return pairs.flatMap((pair) => {
    const any = pair.new ?? pair.old;
    const lines = unifiedDiff(pair.old, pair.new);
    if (!any || lines.text === "") return [];
    return [
      {
        object: title(any),
        namespace: any.metadata.namespace ?? "",
        action: !pair.old ? "add" : !pair.new ? "destroy" : "change",
        versionLabelsOnly: differsInVersionLabelsOnly(pair),
        ...lines,
      },
    ];
  });
}

function differsInVersionLabelsOnly({ old, new: planned }: ObjectPair): boolean {
  if (!old || !planned) return false;
  // The labels of a pod template are not among these: they restart its pods.
  return same(withoutVersionLabels(old), withoutVersionLabels(planned));
}

function withoutVersionLabels(object: KubernetesObject): KubernetesObject {
  const labels = Object.entries((object.metadata.labels ?? {}) as object).filter(
    ([label]) => !versionLabels.includes(label),
  );
  return { ...object, metadata: { ...object.metadata, labels: Object.fromEntries(labels) } };
}
