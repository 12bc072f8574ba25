import { releasesOf } from "../../applications/releases";
import {
  ApisApi,
  AppsV1Api,
  AuthenticationV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  NetworkingV1Api,
  NodeV1Api,
  StorageV1Api,
  type V1Pod,
  VersionApi,
} from "@kubernetes/client-node";
import { apiMessage, statusCode } from "../cluster/api-error";
import { type QuickClients, quickClients } from "../cluster/quick-clients";
import type { Environment } from "../../settings/environment";
import type { Certificate, Amounts, ClusterFacts, PodFacts, Reading } from "./cluster-facts";
import { type NeededRight, neededRights, type RightAnswer } from "./needed-rights";

/** How long the API server may take for its first answer: one that swallows packets would take minutes. */
const firstAnswerMs = 2500;
const defaultClass = "storageclass.kubernetes.io/is-default-class";

/**
 * Reads everything that the checks look at, at once. Changes nothing: a review of a right is asked for, not kept.
 *
 * @param own the platform's namespaces
 * @throws what the API server or the network answered, when it does not even say its version
 */
export async function readCluster(
  connection: KubeConfig,
  environment: Environment,
  own: readonly string[],
): Promise<ClusterFacts> {
  const clients = quickClients(connection);
  // First and alone: where nothing answers this is asked once, not thirty times.
  const { gitVersion: version } = await quickClients(connection, firstAnswerMs).client(VersionApi).getCode();
  const core = clients.client(CoreV1Api);
  const networking = clients.client(NetworkingV1Api);
  const certified = releasesOf(environment).flatMap(({ namespace, own: { ingress } }) =>
    ingress?.tls ? [{ namespace, ...ingress.tls }] : [],
  );
  const names = (list: { items: { metadata?: { name?: string } }[] }): string[] =>
    list.items.map(({ metadata }) => metadata?.name ?? "");

  const [
    user,
    apiGroups,
    namespaces,
    storageClasses,
    ingressClasses,
    runtimeClasses,
    nodes,
    pods,
    daemonSets,
    quotas,
    autoscaler,
    certificates,
    clusterIssuers,
    // Last: they are many, and the connections few.
    rights,
  ] = await Promise.all([
    userOf(clients),
    read("API groups", clients.client(ApisApi).getAPIVersions(), ({ groups }) =>
      groups.map(({ name }) => name),
    ),
    read("namespaces", core.listNamespace(), names),
    read("StorageClasses", clients.client(StorageV1Api).listStorageClass(), ({ items }) =>
      items.map(({ metadata }) => ({
        name: metadata?.name ?? "",
        isDefault: metadata?.annotations?.[defaultClass] === "true",
      })),
    ),
    read("IngressClasses", networking.listIngressClass(), names),
    read("RuntimeClasses", clients.client(NodeV1Api).listRuntimeClass(), names),
    read("nodes", core.listNode(), ({ items }) =>
      items.map(({ metadata, spec, status }) => ({
        metadata,
        status,
        name: metadata?.name ?? "",
        allocatable: status?.allocatable ?? {},
        taints: (spec?.taints ?? []).map(({ key, effect }) => ({ key, effect })),
        unschedulable: spec?.unschedulable ?? false,
        ready: (status?.conditions ?? []).some(({ type, status: met }) => type === "Ready" && met === "True"),
      })),
    ),
    read(
      "pods",
      core.listPodForAllNamespaces({ fieldSelector: "status.phase!=Succeeded,status.phase!=Failed" }),
      ({ items }) => items.map(podFacts),
    ),
    read("DaemonSets", clients.client(AppsV1Api).listDaemonSetForAllNamespaces(), ({ items }) =>
      items.map(({ metadata, spec }) => ({
        name: metadata?.name ?? "",
        namespace: metadata?.namespace ?? "",
        containers: (spec?.template.spec?.containers ?? []).map(({ name }) => name),
      })),
    ),
    read(
      "quotas",
      Promise.all(own.map((namespace) => core.listNamespacedResourceQuota({ namespace }))),
      (lists) =>
        lists
          .flatMap(({ items }) => items)
          .map(({ metadata, spec, status }) => ({
            namespace: metadata?.namespace ?? "",
            name: metadata?.name ?? "",
            own: metadata?.labels?.["app.kubernetes.io/part-of"] === "llm-platform",
            hard: spec?.hard ?? {},
            used: status?.used ?? {},
          })),
    ),
    read(
      "autoscaler",
      core.readNamespacedConfigMap({ name: "cluster-autoscaler-status", namespace: "kube-system" }),
    ),
    Promise.all(
      certified
        .filter(({ clusterIssuer }) => clusterIssuer === undefined)
        .map(async ({ namespace, secretName: name }): Promise<[string, Certificate]> => [
          `${namespace}/${name}`,
          await readCertificate(core, { namespace, name }),
        ]),
    ),
    certified.some(({ clusterIssuer }) => clusterIssuer !== undefined) ? readIssuers(clients) : undefined,
    read("rights", askForRights(clients, neededRights(environment, own))),
  ]);
  return {
    version,
    user,
    rights,
    apiGroups,
    namespaces,
    storageClasses,
    ingressClasses,
    runtimeClasses,
    nodes,
    pods,
    daemonSets,
    quotas,
    autoscaled: "value" in autoscaler || ("value" in apiGroups && apiGroups.value.includes("karpenter.sh")),
    certificates: Object.fromEntries(certificates),
    ...(clusterIssuers && { clusterIssuers }),
  };
}

async function read<A>(what: string, answer: Promise<A>): Promise<Reading<A>>;
async function read<A, T>(what: string, answer: Promise<A>, facts: (answer: A) => T): Promise<Reading<T>>;
async function read<A, T>(
  what: string,
  answer: Promise<A>,
  facts?: (answer: A) => T,
): Promise<Reading<A | T>> {
  try {
    const value = await answer;
    return { value: facts ? facts(value) : value };
  } catch (error) {
    if (statusCode(error) === 403) return { refused: `this user may not see ${what}` };
    return { refused: `${what} could not be read: ${apiMessage(error)}` };
  }
}

async function userOf(clients: QuickClients): Promise<string> {
  try {
    const { status } = await clients.client(AuthenticationV1Api).createSelfSubjectReview({ body: {} });
    return status?.userInfo?.username ?? "the user of the context";
  } catch {
    // Kubernetes before 1.28 does not say.
    return "the user of the context";
  }
}

async function askForRights(clients: QuickClients, rights: readonly NeededRight[]): Promise<RightAnswer[]> {
  const api = clients.client(AuthorizationV1Api);
  return Promise.all(
    rights.flatMap((right) =>
      right.verbs.map(async (verb) => {
        const { group, namespace, name } = right;
        const [resource, subresource] = right.resource.split("/");
        const { status } = await api.createSelfSubjectAccessReview({
          body: { spec: { resourceAttributes: { group, resource, subresource, verb, namespace, name } } },
        });
        return { right, verb, allowed: status?.allowed ?? false };
      }),
    ),
  );
}

function podFacts({ metadata, spec }: V1Pod): PodFacts {
  return {
    namespace: metadata?.namespace ?? "",
    ...(spec?.nodeName && { node: spec.nodeName }),
    requests: (spec?.containers ?? []).map(({ resources }): Amounts => resources?.requests ?? {}),
  };
}

async function readCertificate(
  core: CoreV1Api,
  secret: { readonly namespace: string; readonly name: string },
): Promise<Certificate> {
  try {
    const { type } = await core.readNamespacedSecret(secret);
    return { value: type === "kubernetes.io/tls" ? "there" : "without a certificate" };
  } catch (error) {
    if (statusCode(error) === 404) return { value: "missing" };
    return read("the Secret of the certificate", Promise.reject(error as Error));
  }
}

function readIssuers(clients: QuickClients): Promise<Reading<string[]>> {
  return read(
    "ClusterIssuers",
    clients
      .client(CustomObjectsApi)
      .listClusterCustomObject({ group: "cert-manager.io", version: "v1", plural: "clusterissuers" }),
    (list) =>
      (list as { items: { metadata: { name: string } }[] }).items.map(({ metadata }) => metadata.name),
  );
}
