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

/** Every kind that an API server has. */
export class ResourceKinds {
  constructor(public readonly all: readonly ResourceKind[]) {}

  /** Path of the objects of a kind, or undefined where the API server does not have the kind. */
  public collection(apiVersion: string, kind: string, namespace = ""): string | undefined {
    const [version = "", group = ""] = apiVersion.split("/").reverse();
    const found = this.all.find((one) => one.group === group && one.version === version && one.kind === kind);
    return found && collectionPath(found, namespace);
  }
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
export async function resourceKinds(api: KubernetesApi): Promise<ResourceKinds> {
  const accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
  const answers = await Promise.all(["/api", "/apis"].map((path) => api.get<Discovery>(path, accept)));
  return new ResourceKinds(
    answers
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
      ),
  );
}

/** An object as the cluster has it; undefined where it is gone, alone or with its kind. */
export async function liveObject(
  api: KubernetesApi,
  kinds: ResourceKinds,
  { apiVersion, kind, metadata }: KubernetesObject,
): Promise<KubernetesObject | undefined> {
  const collection = kinds.collection(apiVersion, kind, metadata.namespace);
  return collection ? api.find<KubernetesObject>(`${collection}/${metadata.name}`) : undefined;
}
