import type { KubernetesSchema } from "./kubernetes-schema";

/** Where the API server describes the kinds that charts make, below `/openapi/v3`. */
export const openApiPaths: readonly string[] = [
  "api/v1",
  "apis/apps/v1",
  "apis/autoscaling/v2",
  "apis/batch/v1",
  "apis/networking.k8s.io/v1",
  "apis/policy/v1",
  "apis/rbac.authorization.k8s.io/v1",
];

const kinds = new Set([
  "ConfigMap",
  "CronJob",
  "DaemonSet",
  "Deployment",
  "HorizontalPodAutoscaler",
  "Ingress",
  "Job",
  "NetworkPolicy",
  "PersistentVolumeClaim",
  "Pod",
  "PodDisruptionBudget",
  "Role",
  "RoleBinding",
  "Secret",
  "Service",
  "ServiceAccount",
  "StatefulSet",
]);

/** One document of `/openapi/v3`, as far as it is read here. */
export interface OpenApiDocument {
  readonly components: { readonly schemas: { readonly [name: string]: OpenApiType } };
}

interface OpenApiType {
  readonly $ref?: string;
  readonly allOf?: readonly OpenApiType[];
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: OpenApiType;
  readonly additionalProperties?: OpenApiType;
  readonly properties?: { readonly [field: string]: OpenApiType };
  readonly "x-kubernetes-group-version-kind"?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

/** Types that are one value in YAML, whatever their definition says. */
const scalars: { readonly [name: string]: string } = {
  "api.resource.Quantity": "quantity",
  "util.intstr.IntOrString": "int-or-string",
  "meta.v1.Time": "string",
  "meta.v1.MicroTime": "string",
  "meta.v1.FieldsV1": "any",
};

/** Cuts the documents down to the kinds that charts make, without status and prose. */
export function cutKubernetesSchema(
  version: string,
  documents: readonly OpenApiDocument[],
): KubernetesSchema {
  const source: { [name: string]: OpenApiType } = {};
  for (const { components } of documents) {
    for (const [name, type] of Object.entries(components.schemas)) source[shortName(name)] = type;
  }

  const roots: { [kind: string]: string } = {};
  for (const [name, type] of Object.entries(source)) {
    const [gvk, ...others] = type["x-kubernetes-group-version-kind"] ?? [];
    if (!gvk || others.length || !kinds.has(gvk.kind)) continue;
    roots[`${gvk.group ? `${gvk.group}/` : ""}${gvk.version} ${gvk.kind}`] = name;
  }

  const types: { [name: string]: { [field: string]: string } } = {};
  const take = (name: string): void => {
    const properties = source[name]?.properties;
    if (types[name] || !properties) return;
    const isKind = Object.values(roots).includes(name);
    const fields = Object.entries(properties)
      .filter(([field]) => !(isKind && field === "status"))
      .map(([field, type]): [string, string] => [field, expression(type, source)]);
    types[name] = sorted(Object.fromEntries(fields));
    for (const [, type] of fields) take(type.replace(/^(\[\]|\{\})+/, ""));
  };
  Object.values(roots).forEach(take);
  return { version, kinds: sorted(roots), types: sorted(types) };
}

function expression(type: OpenApiType, source: { readonly [name: string]: OpenApiType }): string {
  const reference = type.$ref ?? type.allOf?.[0]?.$ref;
  if (reference) {
    const name = shortName(reference.replace("#/components/schemas/", ""));
    if (scalars[name]) return scalars[name];
    const target = source[name];
    return target?.properties ? name : target?.type === "string" ? "string" : "any";
  }
  if (type.enum) return `=${[...type.enum].sort().join("|")}`;
  if (type.type === "array") return `[]${type.items ? expression(type.items, source) : "any"}`;
  if (type.additionalProperties) return `{}${expression(type.additionalProperties, source)}`;
  if (type.type === "object") return "any";
  return type.type ?? "any";
}

/** `io.k8s.api.core.v1.Toleration` is `core.v1.Toleration` to everybody who writes YAML. */
function shortName(name: string): string {
  return name.replace(/^io\.k8s\.(api\.|apimachinery\.pkg\.(apis\.)?)/, "");
}

function sorted<T>(record: { readonly [key: string]: T }): { [key: string]: T } {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
