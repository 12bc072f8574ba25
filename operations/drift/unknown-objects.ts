import type { KubernetesApi } from "../cluster/kubernetes-api";
import { collectionPath, type ResourceKind } from "../cluster/resource-kinds";
import { fieldAt, identity, type KubernetesObject, listAt } from "../cluster/kubernetes-object";

/** Kinds that the API server or its controllers make by themselves. */
const madeByThemselves = ["Event", "Endpoints", "PodMetrics", "Lease", "ControllerRevision"];

/**
 * The objects of some namespaces that nobody here deployed. What controllers and Kubernetes itself make is left out.
 *
 * @param known identities of what is deployed
 */
export async function unknownObjects(
  api: KubernetesApi,
  kinds: readonly ResourceKind[],
  namespaces: readonly string[],
  known: ReadonlySet<string>,
): Promise<KubernetesObject[]> {
  const listed = kinds
    .filter(
      ({ namespaced, verbs, kind }) =>
        namespaced && verbs.includes("list") && !madeByThemselves.includes(kind),
    )
    // A kind that is served in two versions is listed in the one that the API server prefers.
    .filter(
      (kind, i, all) => all.findIndex((one) => one.group === kind.group && one.plural === kind.plural) === i,
    );
  const found = await Promise.all(
    namespaces.flatMap((namespace) =>
      listed.map(async (kind) => {
        const list = await api.find(collectionPath(kind, namespace));
        const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
        return listAt(list, "items").map(
          (item) => ({ ...(item as object), apiVersion, kind: kind.kind }) as KubernetesObject,
        );
      }),
    ),
  );
  const claims = claimsOfStatefulSets(found.flat());
  return found.flat().filter((object) => !known.has(identity(object)) && !isExpected(object, claims));
}

function isExpected(object: KubernetesObject, claims: readonly RegExp[]): boolean {
  const { kind, metadata, type } = object;
  if (listAt(object, "metadata", "ownerReferences").length > 0) return true;
  if (kind === "ConfigMap" && metadata.name === "kube-root-ca.crt") return true;
  if (kind === "ServiceAccount" && metadata.name === "default") return true;
  if (kind === "PersistentVolumeClaim") return claims.some((claim) => claim.test(metadata.name));
  return kind === "Secret" && typeof type === "string" && isMachines(type);
}

/** Helm's releases, and the tokens of service accounts. */
function isMachines(type: string): boolean {
  return type === "helm.sh/release.v1" || type === "kubernetes.io/service-account-token";
}

/** A StatefulSet makes claims named TEMPLATE-NAME-NUMBER, which stay when it goes. */
function claimsOfStatefulSets(objects: readonly KubernetesObject[]): RegExp[] {
  return objects
    .filter(({ kind }) => kind === "StatefulSet")
    .flatMap((set) =>
      listAt(set, "spec", "volumeClaimTemplates").map(
        (template) =>
          new RegExp(`^${String(fieldAt(template, "metadata", "name"))}-${set.metadata.name}-\\d+$`),
      ),
    );
}
