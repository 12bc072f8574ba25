import type { KubernetesApi } from "./kubernetes-api";
import type { KubernetesObject } from "./kubernetes-object";

/** A kind of object that the API server keeps. */
export interface ResourceKind {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Name in paths, such as `deployments`. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** What can be done with it, such as `list`. */
  readonly verbs: readonly string[];
}

/**
 * The kind of an object, or undefined where the API server does not have it.
 *
 * @param kinds every kind that it has
 * @param object without an `apiVersion`, which Terraform does not know, it is of the first of the kind's name
 */
export function kindOf(
  kinds: readonly ResourceKind[],
  { apiVersion, kind }: Pick<KubernetesObject, "apiVersion" | "kind">,
): ResourceKind | undefined {
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  return kinds.find(
    (one) => one.kind === kind && (apiVersion === "" || (one.group === group && one.version === version)),
  );
}

/** Path of the objects of the kind of an object, or undefined where the API server does not have the kind. */
export function collectionOf(kinds: readonly ResourceKind[], object: KubernetesObject): string | undefined {
  const found = kindOf(kinds, object);
  return found && collectionPath(found, object.metadata.namespace ?? "");
}

/** The kinds that can be listed; one that is served in two versions in that which the API server prefers. */
export function listedKinds(kinds: readonly ResourceKind[]): ResourceKind[] {
  return kinds
    .filter(({ verbs }) => verbs.includes("list"))
    .filter(
      (kind, i, all) => all.findIndex((one) => one.group === kind.group && one.plural === kind.plural) === i,
    );
}

/** Path of the objects of a kind, in a namespace where the kind is in namespaces. */
export function collectionPath(
  { group, version, plural, namespaced }: ResourceKind,
  namespace: string,
): string {
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}${namespaced ? `/namespaces/${namespace}` : ""}/${plural}`;
}

interface Discovery {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly responseKind?: { readonly kind: string };
        readonly scope: "Namespaced" | "Cluster";
        readonly verbs: readonly string[];
      }[];
    }[];
  }[];
}

/**
 * Asks an API server for everything that it has, in two requests.
 *
 * @see https://kubernetes.io/docs/concepts/overview/kubernetes-api/#aggregated-discovery
 */
export async function resourceKinds(api: KubernetesApi): Promise<ResourceKind[]> {
  const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  const answers = await Promise.all(["/api", "/apis"].map((path) => api.get<Discovery>(path, accept)));
  return answers
    .flatMap(({ items }) => items)
    .flatMap(({ metadata, versions }) =>
      versions.flatMap(({ version, resources = [] }) =>
        resources.map(({ resource, responseKind, scope, verbs }) => ({
          group: metadata.name ?? "",
          version,
          kind: responseKind?.kind ?? "",
          plural: resource,
          namespaced: scope === "Namespaced",
          verbs,
        })),
      ),
    );
}

/** An object as the cluster has it; undefined where it is gone, alone or with its kind. */
export async function liveObject(
  api: KubernetesApi,
  kinds: readonly ResourceKind[],
  object: KubernetesObject,
): Promise<KubernetesObject | undefined> {
  const collection = collectionOf(kinds, object);
  return collection ? api.find<KubernetesObject>(`${collection}/${object.metadata.name}`) : undefined;
}
