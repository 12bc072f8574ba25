import { fieldAt } from "../../cluster/kubernetes-object";
import { inNamespace, type Rule } from "./warning";

/** Claims and namespaces that go: what was in them cannot be had back. */
export const lostData: Rule = (old, planned) => {
  if (!old || planned) return [];
  if (old.kind === "Namespace") {
    return [`${inNamespace(old)} is deleted with everything in it, claims and their data included`];
  }
  if (old.kind !== "PersistentVolumeClaim") return [];
  if (fieldAt(old, "metadata", "annotations", "helm.sh/resource-policy") === "keep") return [];
  return [`${inNamespace(old)} is deleted, and with it its data`];
};

/** Secrets that go. */
export const lostSecrets: Rule = (old, planned) =>
  old?.kind === "Secret" && !planned ? [`${inNamespace(old)} is deleted`] : [];
