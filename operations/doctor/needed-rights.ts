import { releasesOf } from "../../applications/releases";
import type { Environment } from "../../settings/environment";

/** Verbs on one resource, in one namespace or in the whole cluster. */
export interface NeededRight {
  readonly verbs: readonly string[];
  /** As kubectl writes it, such as `deployments.apps` or `pods/log`. */
  readonly resource: string;
  /** @default - the whole cluster */
  readonly namespace?: string;
  /** Name of one object. @default - any */
  readonly name?: string;
  /** What does not work without it, in a few words. @default - a deploy fails */
  readonly without?: string;
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

/**
 * The Kubernetes resources that the foundation is made of, by their type in Terraform. A test holds the stack against it.
 */
export const foundationResources: { readonly [type: string]: string } = {
  kubernetes_namespace_v1: "namespaces",
  kubernetes_priority_class_v1: "priorityclasses.scheduling.k8s.io",
  kubernetes_limit_range_v1: "limitranges",
  kubernetes_resource_quota_v1: "resourcequotas",
  kubernetes_role_binding_v1: "rolebindings.rbac.authorization.k8s.io",
  kubernetes_network_policy_v1: "networkpolicies.networking.k8s.io",
  kubernetes_secret_v1: "secrets",
  kubernetes_persistent_volume_claim_v1: "persistentvolumeclaims",
};
const inNoNamespace = ["namespaces", "priorityclasses.scheduling.k8s.io"];

/** The kinds that the charts render. A test renders every environment and holds the result against it. */
export const releaseKinds: { readonly [kind: string]: string } = {
  ServiceAccount: "serviceaccounts",
  ConfigMap: "configmaps",
  Service: "services",
  PersistentVolumeClaim: "persistentvolumeclaims",
  Deployment: "deployments.apps",
  StatefulSet: "statefulsets.apps",
  CronJob: "cronjobs.batch",
  PodDisruptionBudget: "poddisruptionbudgets.policy",
  Ingress: "ingresses.networking.k8s.io",
  ResourceClaimTemplate: "resourceclaimtemplates.resource.k8s.io",
};

/** Everything that a deploy of an environment does in the cluster, and what else the commands want to see there. */
export function neededRights(
  environment: Pick<Environment, "name" | "applications" | "cluster" | "state" | "storage">,
  namespaces: readonly string[],
): NeededRight[] {
  const { cluster, state, storage } = environment;
  const releases = releasesOf(environment);
  const unused = [
    ...(releases.some(({ own }) => own.ingress) ? [] : ["Ingress"]),
    ...(releases.some(({ application, own }) => application.deviceClaim?.(own))
      ? []
      : ["ResourceClaimTemplate"]),
  ];
  const { recordsNamespace: namespace } = cluster;
  const stateVerbs = ["get", "list", "create", "update", "delete"];
  return [
    ...inNoNamespace.map((resource) => ({ resource, verbs: terraformVerbs })),
    // Whether one is of no release any more.
    ...(storage.onDestroy === "keep" ? [{ resource: "namespaces", verbs: ["list"] }] : []),
    ...namespaces.flatMap((namespace) => inNamespace(unused).map((right) => ({ ...right, namespace }))),
    ...releases
      .filter(({ application, namespace }) => application.backup && namespaces.includes(namespace))
      .flatMap(({ namespace }) => toSaveAndRestore.map((right) => ({ ...right, namespace }))),
    // The lock and the records of the deploys.
    {
      resource: "leases.coordination.k8s.io",
      verbs: ["get", "create", "update", "delete"],
      namespace,
    },
    { resource: "configmaps", verbs: ["get", "create", "update"], namespace },
    ...(state.backend === "kubernetes"
      ? ["secrets", "leases.coordination.k8s.io"].map((resource) => ({
          resource,
          verbs: stateVerbs,
          namespace: state.namespace,
        }))
      : []),
    // Whoever binds a role needs this right, or every right that the role holds.
    ...["view", "edit"].map((name) => ({
      resource: "clusterroles.rbac.authorization.k8s.io",
      name,
      verbs: ["bind"],
      without: `binding the role ${name} to a group works only for a user who has all rights of that role`,
    })),
  ];
}

const noBackup = "npm run backup and npm run restore have no pod of their own";

/** What saves and restores has a pod of its own, and stops and starts what people reach. */
const toSaveAndRestore: readonly NeededRight[] = [
  { resource: "pods", verbs: ["get", "create", "delete"], without: noBackup },
  { resource: "deployments.apps", verbs: ["list"], without: "npm run restore does not know what to stop" },
  { resource: "deployments.apps/scale", verbs: ["patch"], without: "npm run restore can stop nothing" },
];

/** @param unused kinds that no release of the environment has */
function inNamespace(unused: readonly string[]): NeededRight[] {
  const byResource = new Map<string, NeededRight>();
  const need = (resource: string, verbs: readonly string[], without?: string): void => {
    const known = byResource.get(resource)?.verbs ?? [];
    byResource.set(resource, { resource, verbs: [...new Set([...known, ...verbs])], without });
  };
  for (const resource of Object.values(foundationResources)) {
    if (!inNoNamespace.includes(resource)) need(resource, terraformVerbs);
  }
  for (const [kind, resource] of Object.entries(releaseKinds)) {
    if (!unused.includes(kind)) need(resource, helmVerbs);
  }
  // Helm keeps its revisions in Secrets, and waits for pods by way of their ReplicaSets.
  need("secrets", ["list", "update"]);
  need("pods", ["list"]);
  need("replicasets.apps", ["list"]);
  // Hooks, which Helm watches to their end, and what hands the claims of a platform from before over.
  need("jobs.batch", [...helmVerbs, "list", "watch"]);
  const noReason = "a deploy cannot say why a pod does not start";
  need("events", ["list"], noReason);
  need("pods/log", ["get"], noReason);
  // A WebSocket is opened by a GET, which since Kubernetes 1.35 counts as making one, too.
  const websocket = ["get", "create"];
  need("pods/portforward", websocket, "npm run verify cannot ask the pods");
  need("pods/exec", websocket, "npm run verify, users, backup and restore can run nothing in the pods");
  return [...byResource.values()];
}
