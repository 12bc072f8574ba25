import { ApiError, apiMessage } from "../cluster/api-error";
import { fieldOwner, fieldOwners } from "../cluster/field-owner";
import { isController, isDeployer } from "../cluster/known-managers";
import type { KubernetesApi } from "../cluster/kubernetes-api";
import type { LiveObjects } from "../cluster/live-objects";
import { fieldAt, type KubernetesObject, listAt, title } from "../cluster/kubernetes-object";
import { collectionPath, listedKinds, type ResourceKind } from "../cluster/resource-kinds";
import { clusterWide, concern } from "./cluster-wide";
import type { UnknownObject } from "./report";

/** Kinds that programs write while they run. */
const runtime = ["Event", "PodMetrics", "Lease"];

/** Kinds of which pods come. */
const runs = ["Pod", "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];

/** Everything in some namespaces, and what may concern them from outside. */
export interface ListedObjects {
  readonly namespaces: readonly KubernetesObject[];
  readonly inside: readonly KubernetesObject[];
  readonly outside: readonly KubernetesObject[];
  /** What could not be listed, and why, one sentence each. */
  readonly notListed: readonly string[];
}

/** Lists everything that there is in some namespaces, and what may concern them. */
export async function listObjects(
  api: KubernetesApi,
  live: LiveObjects,
  kinds: readonly ResourceKind[],
  names: readonly string[],
): Promise<ListedObjects> {
  const refused = new Map<string, string[]>();
  const list = async (kind: ResourceKind, path: string): Promise<KubernetesObject[]> => {
    const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
    const found = await api.find(path).catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      const why = error.code === 403 ? "the user of the context may not list them" : apiMessage(error);
      refused.set(why, [...new Set([...(refused.get(why) ?? []), kind.kind])]);
    });
    return listAt(found, "items").map(
      (item) => ({ ...(item as object), apiVersion, kind: kind.kind }) as KubernetesObject,
    );
  };
  const listed = listedKinds(kinds).filter(({ kind }) => !runtime.includes(kind));
  const [namespaces, inside, outside] = await Promise.all([
    Promise.all(names.map((name) => api.find<KubernetesObject>(`/api/v1/namespaces/${name}`))),
    Promise.all(
      listed
        .filter(({ namespaced }) => namespaced)
        .map(
          async (kind) =>
            (await live.within(kind, names)) ??
            (await Promise.all(names.map((name) => list(kind, collectionPath(kind, name))))).flat(),
        ),
    ),
    Promise.all(
      listed
        .filter(({ kind }) => clusterWide.includes(kind))
        .map((kind) => list(kind, collectionPath({ ...kind, namespaced: false }, ""))),
    ),
  ]);
  return {
    namespaces: namespaces.filter((namespace) => namespace !== undefined),
    inside: inside.flat(),
    outside: outside.flat().filter(({ metadata }) => !names.includes(metadata.namespace ?? "")),
    notListed: [...refused].map(([why, of]) => `unknown objects of the kinds ${of.join(", ")}: ${why}`),
  };
}

/** What of it nobody here deployed. What controllers and Kubernetes itself make is left out. */
export function unknownObjects(
  { namespaces, inside, outside }: ListedObjects,
  isKnown: (object: KubernetesObject) => boolean,
): UnknownObject[] {
  return [
    ...inside
      .filter((object) => !isKnown(object))
      .flatMap((object) => (isExpected(object) ? (changedObject(object) ?? []) : madeObject(object))),
    ...outside
      .filter((object) => !isKnown(object))
      .flatMap((object) => concernedObject(object, namespaces) ?? []),
  ];
}

function isExpected(object: KubernetesObject): boolean {
  const maker = madeBy(object);
  return (
    listAt(object, "metadata", "ownerReferences").length > 0 ||
    // What runs belongs to what made it; a name alone anybody may take.
    (maker !== undefined &&
      (isController(maker) || maker === "llm-platform") &&
      !runs.includes(object.kind)) ||
    // Kubernetes makes one in each namespace, and keeps nobody who has changed it.
    title(object) === "ServiceAccount/default" ||
    // Helm's releases, which are looked at by themselves.
    (object.kind === "Secret" && object.type === "helm.sh/release.v1")
  );
}

/** What makes itself, and was changed by somebody else: a pod with another image, a container for debugging in it. */
function changedObject(object: KubernetesObject): UnknownObject | undefined {
  const made = madeObject(object);
  const changed = fieldOwners(object).filter(
    ({ manager, fields, subresource }) =>
      manager !== made.madeBy &&
      subresource !== "status" &&
      !isController(manager) &&
      !isDeployer(manager) &&
      Object.keys(fields as object).some((field) => field !== "f:metadata" && field !== "f:status"),
  );
  const by = changed.at(-1);
  if (!by) return undefined;
  const does = `in ${made.namespace} is not as ${made.madeBy} made it`;
  return { ...made, does, madeBy: by.manager, since: by.time };
}

/** Whoever sets its status has not made it. */
export function madeBy(object: KubernetesObject): string | undefined {
  return fieldOwners(object).find(({ subresource }) => subresource === undefined)?.manager;
}

function madeObject(object: KubernetesObject): UnknownObject {
  const maker = madeBy(object);
  const since = fieldAt(object, "metadata", "creationTimestamp");
  return {
    object: title(object),
    namespace: object.metadata.namespace ?? "",
    ...(maker && { madeBy: maker }),
    ...(typeof since === "string" && { since }),
  };
}

function concernedObject(
  object: KubernetesObject,
  namespaces: readonly KubernetesObject[],
): UnknownObject | undefined {
  const found = concern(object, namespaces);
  if (!found) return undefined;
  const owner = fieldOwner(object, [found.field]);
  if (owner && isController(owner.manager)) return undefined;
  const made = madeObject(object);
  const changed = owner && !isDeployer(owner.manager) ? owner : undefined;
  const since = changed?.time ?? made.since;
  // What does so everywhere, and did before there was a platform, belongs to the cluster.
  const [first = ""] = namespaces.map(({ metadata }) => String(metadata.creationTimestamp)).sort();
  if (found.everywhere && (since ?? "") < first) return undefined;
  return {
    ...made,
    does: found.does,
    ...(changed && { madeBy: changed.manager }),
    ...(since !== undefined && { since }),
  };
}
