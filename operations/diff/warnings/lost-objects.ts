import { fieldAt, type ObjectPair, title } from "../../cluster/kubernetes-object";
import type { Warning } from "./warning";

/** Claims, namespaces and Secrets that go: what was in them cannot be had back. */
export function lostObjects(pairs: readonly ObjectPair[]): Warning[] {
  return pairs.flatMap(({ old, new: planned }): Warning[] => {
    if (!old || planned) return [];
    const where = old.metadata.namespace ? `${title(old)} in ${old.metadata.namespace}` : title(old);
    switch (old.kind) {
      case "PersistentVolumeClaim":
        if (fieldAt(old, "metadata", "annotations", "helm.sh/resource-policy") === "keep") return [];
        return [{ kind: "data-lost", text: `${where} is deleted, and with it its data` }];
      case "Namespace":
        return [
          {
            kind: "data-lost",
            text: `${where} is deleted with everything in it, claims and their data included`,
          },
        ];
      case "Secret":
        return [{ kind: "deleted", text: `${where} is deleted` }];
      default:
        return [];
    }
  });
}
