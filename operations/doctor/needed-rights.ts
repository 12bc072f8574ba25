import { releasesOf } from "../../applications/releases";
import type { Environment } from "../../settings/environment";

/** Verbs on one resource, in one namespace or in the whole cluster. */
export interface NeededRight {
  readonly verbs: readonly string[];
  /** API group; "" for the core group. */
  readonly group: string;
  /** In the plural, as the API has it; with a subresource as in `pods/log`. */
  readonly resource: string;
  /** @default - the whole cluster */
  readonly namespace?: string;
  /** Name of one object. @default - any */
  readonly name?: string;
  /** Whether a deploy fails without it. Without the others it says less, or another command fails. */
  readonly required: boolean;
}

/** One verb of a {@link NeededRight}, and whether the API server grants it. */
export interface RightAnswer {
  readonly right: NeededRight;
  readonly verb: string;
  readonly allowed: boolean;
}

/** What Terraform's Kubernetes provider asks for, to make, compare, change and remove an object. */
const terraformVerbs = ["get", "create", "patch", "delete"];
/** What Helm asks for, to make, compare, change and remove an object of a release. */
const helmVerbs = ["get", "create", "patch", "delete"];

/** The Kubernetes resources that the foundation is made of, by their type in Terraform. A test holds the stack against it. */
export const foundationResources: {
  readonly [type: string]: {
    readonly group: string;
    readonly resource: string;
    readonly namespaced: boolean;
  };
} = {
  kubernetes_namespace_v1: { group: "", resource: "namespaces", namespaced: false },
  kubernetes_priority_class_v1: {
    group: "scheduling.k8s.io",
    resource: "priorityclasses",
    namespaced: false,
  },
  kubernetes_limit_range_v1: { group: "", resource: "limitranges", namespaced: true },
  kubernetes_resource_quota_v1: { group: "", resource: "resourcequotas", namespaced: true },
  kubernetes_role_binding_v1: {
    group: "rbac.authorization.k8s.io",
    resource: "rolebindings",
    namespaced: true,
  },
  kubernetes_network_policy_v1: { group: "networking.k8s.io", resource: "networkpolicies", namespaced: true },
  kubernetes_secret_v1: { group: "", resource: "secrets", namespaced: true },
  kubernetes_persistent_volume_claim_v1: { group: "", resource: "persistentvolumeclaims", namespaced: true },
};

/** The kinds that the charts render. A test renders every environment and holds the result against it. */
export const releaseKinds: {
  readonly [kind: string]: { readonly group: string; readonly resource: string };
} = {
  ServiceAccount: { group: "", resource: "serviceaccounts" },
  ConfigMap: { group: "", resource: "configmaps" },
  Service: { group: "", resource: "services" },
  PersistentVolumeClaim: { group: "", resource: "persistentvolumeclaims" },
  Deployment: { group: "apps", resource: "deployments" },
  StatefulSet: { group: "apps", resource: "statefulsets" },
  PodDisruptionBudget: { group: "policy", resource: "poddisruptionbudgets" },
  Ingress: { group: "networking.k8s.io", resource: "ingresses" },
};

/** Everything that a deploy of an environment does in the cluster, and what else the commands want to see there. */
export function neededRights(
  environment: Pick<Environment, "name" | "applications" | "cluster" | "state">,
  namespaces: readonly string[],
): NeededRight[] {
  const required = true;
  const { cluster, state } = environment;
  const exposed = releasesOf(environment).some(({ own }) => own.ingress);
  const inCluster = Object.values(foundationResources)
    .filter(({ namespaced }) => !namespaced)
    .map(({ group, resource }) => ({ group, resource, verbs: terraformVerbs, required }));
  const { recordsNamespace } = cluster;
  return [
    ...inCluster,
    ...namespaces.flatMap((namespace) => inNamespace(exposed).map((right) => ({ ...right, namespace }))),
    // The lock and the records of the deploys.
    {
      group: "coordination.k8s.io",
      resource: "leases",
      namespace: recordsNamespace,
      verbs: ["get", "create", "update", "delete"],
      required,
    },
    {
      group: "",
      resource: "configmaps",
      namespace: recordsNamespace,
      verbs: ["get", "create", "update"],
      required,
    },
    ...(state.backend === "kubernetes"
      ? ["secrets", "leases"].map((resource) => ({
          group: resource === "leases" ? "coordination.k8s.io" : "",
          resource,
          namespace: state.namespace,
          verbs: ["get", "list", "create", "update", "delete"],
          required,
        }))
      : []),
    // Whoever binds a role needs this right, or every right that the role holds.
    ...["view", "edit"].map((name) => ({
      group: "rbac.authorization.k8s.io",
      resource: "clusterroles",
      name,
      verbs: ["bind"],
      required: false,
    })),
  ];
}

function inNamespace(exposed: boolean): Omit<NeededRight, "namespace">[] {
  const byResource = new Map<string, Omit<NeededRight, "namespace">>();
  const need = (group: string, resource: string, verbs: readonly string[], required = true): void => {
    const key = `${group}/${resource}`;
    const known = byResource.get(key)?.verbs ?? [];
    byResource.set(key, { group, resource, verbs: [...new Set([...known, ...verbs])], required });
  };
  for (const { group, resource, namespaced } of Object.values(foundationResources)) {
    if (namespaced) need(group, resource, terraformVerbs);
  }
  for (const [kind, { group, resource }] of Object.entries(releaseKinds)) {
    if (kind !== "Ingress" || exposed) need(group, resource, helmVerbs);
  }
  // Helm keeps its revisions in Secrets, and waits for pods by way of their ReplicaSets.
  need("", "secrets", ["list", "update"]);
  need("", "pods", ["list"]);
  need("apps", "replicasets", ["list"]);
  need("", "events", ["list"], false);
  need("", "pods/log", ["get"], false);
  need("", "pods/portforward", ["create"], false);
  need("", "pods/exec", ["create"], false);
  return [...byResource.values()];
}
