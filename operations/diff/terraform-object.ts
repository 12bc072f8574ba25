import { isMap } from "../../settings/yaml-file";
import { type Fields, type KubernetesObject, type ObjectPair } from "../cluster/kubernetes-object";
import type { PlannedResource } from "./resource-changes";

/** Blocks that are lists in Kubernetes, too; Terraform writes every other block as a list of one. */
const lists = [
  "ingress",
  "egress",
  "from",
  "to",
  "ports",
  "matchExpressions",
  "policyTypes",
  "accessModes",
  "values",
  "except",
  "subjects",
  "limits",
];

/** Blocks that are called otherwise in Kubernetes. */
const names: { readonly [block: string]: string } = { subject: "subjects", limit: "limits" };

/**
 * A resource of Terraform's kubernetes provider as the object that it stands for, before and after; nothing for other
 * resources, nor for those that do not change unless they are asked for.
 */
export function objectPairs(
  { type, action, before, after }: PlannedResource,
  { unchanged = false } = {},
): ObjectPair[] {
  const kind = /^kubernetes_(.+?)(_v\d\w*)?$/.exec(type)?.[1];
  if (!kind || (action === "none" && !unchanged)) return [];
  const convert = (attributes: Fields | undefined) =>
    attributes && kubernetesObject(pascalCase(kind), attributes);
  const [old, planned] = [convert(before), convert(after)];
  // What is replaced is deleted first, with what is in it.
  return action === "replace" ? [{ old }, { new: planned }] : [{ old, new: planned }];
}

function kubernetesObject(kind: string, attributes: Fields): KubernetesObject | undefined {
  const { metadata, ...rest } = converted(attributes) as Fields;
  if (!isMap(metadata) || typeof metadata.name !== "string") return undefined;
  return { ...rest, apiVersion: "", kind, metadata: metadata as KubernetesObject["metadata"] };
}

function converted(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => converted(item as unknown));
    if (lists.includes(name) || items.some((item) => !isMap(item))) return items;
    return items.length <= 1 ? items[0] : items;
  }
  if (!isMap(value)) return value;
  // The keys of labels and the like are the user's, and stay as they are.
  const free = ["labels", "annotations", "matchLabels", "data", "hard"].includes(name);
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => {
        const name = names[key] ?? camelCase(key);
        return free ? [key, inner] : [name, converted(inner, name)];
      })
      .filter(([, inner]) => inner !== null && inner !== undefined),
  );
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase());
}

function pascalCase(name: string): string {
  return camelCase(`_${name}`);
}
