import { isMap } from "../../settings/yaml-file";
import { fieldAt } from "../cluster/kubernetes-object";

/** By the field that refers to an object by its name, or that holds one which does: the object's kind. */
const kinds: { readonly [field: string]: string } = {
  secret: "Secret",
  secretRef: "Secret",
  secretKeyRef: "Secret",
  secretName: "Secret",
  imagePullSecrets: "Secret",
  configMap: "ConfigMap",
  configMapRef: "ConfigMap",
  configMapKeyRef: "ConfigMap",
  claimName: "PersistentVolumeClaim",
  serviceAccountName: "ServiceAccount",
};

/** What a deployed object needs of its namespace, as `KIND/NAME`: somebody else makes it, and knows why. */
export function referenced(object: unknown, field = ""): string[] {
  const kind = kinds[field];
  if (typeof object === "string") return kind ? [`${kind}/${object}`] : [];
  if (Array.isArray(object)) return object.flatMap((item) => referenced(item, field));
  if (!isMap(object)) return [];
  const name = kind && fieldAt(object, "name");
  const own = typeof name === "string" ? [`${kind}/${name}`] : [];
  return [...own, ...Object.entries(object).flatMap(([key, inner]) => referenced(inner, key))];
}
