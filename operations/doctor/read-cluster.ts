import { releasesOf } from "../../applications/releases";
import type {
  KubeConfig,
  V1DaemonSet,
  V1Node,
  V1ObjectMeta,
  V1Pod,
  V1ResourceQuota,
  V1Secret,
  V1StorageClass,
} from "@kubernetes/client-node";
import { apiMessage, statusCode } from "../cluster/api-error";
import { KubernetesApi, quickMs } from "../cluster/kubernetes-api";
import type { Environment } from "../../settings/environment";
import type { Certificate, Amounts, ClusterFacts, PodFacts, Reading } from "./cluster-facts";
import { type NeededRight, neededRights, type RightAnswer } from "./needed-rights";

/** How long the API server may take for its first answer: one that swallows packets would take minutes. */
const firstAnswerMs = 2500;
const notEnded = "status.phase!=Succeeded,status.phase!=Failed";
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
  const api = new KubernetesApi(connection, quickMs);
  // First and alone: where nothing answers this is asked once, not thirty times.
  const { gitVersion: version } = await new KubernetesApi(connection, firstAnswerMs).get<{
    gitVersion: string;
  }>("/version");
  const certified = releasesOf(environment).flatMap(({ namespace, own: { ingress } }) =>
    ingress?.tls ? [{ namespace, ...ingress.tls }] : [],
  );
  const listed = <Item, Facts>(what: string, path: string, facts: (item: Item) => Facts) =>
    read(what, api.list<Item>(path), (items) => items.map(facts));
  const name = ({ metadata }: { metadata?: V1ObjectMeta }): string => metadata?.name ?? "";

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
    userOf(api),
    read("API groups", api.get<{ groups: { name: string }[] }>("/apis"), ({ groups }) =>
      groups.map((group) => group.name),
    ),
    listed("namespaces", "/api/v1/namespaces", name),
    listed("StorageClasses", "/apis/storage.k8s.io/v1/storageclasses", (found: V1StorageClass) => ({
      name: name(found),
      isDefault: found.metadata?.annotations?.[defaultClass] === "true",
    })),
    listed("IngressClasses", "/apis/networking.k8s.io/v1/ingressclasses", name),
    listed("RuntimeClasses", "/apis/node.k8s.io/v1/runtimeclasses", name),
    listed("nodes", "/api/v1/nodes", ({ metadata, spec, status }: V1Node) => ({
      metadata,
      status,
      name: metadata?.name ?? "",
      allocatable: status?.allocatable ?? {},
      taints: (spec?.taints ?? []).map(({ key, effect }) => ({ key, effect })),
      unschedulable: spec?.unschedulable ?? false,
      ready: (status?.conditions ?? []).some(({ type, status: met }) => type === "Ready" && met === "True"),
    })),
    listed("pods", `/api/v1/pods?fieldSelector=${encodeURIComponent(notEnded)}`, podFacts),
    listed("DaemonSets", "/apis/apps/v1/daemonsets", ({ metadata, spec }: V1DaemonSet) => ({
      name: metadata?.name ?? "",
      namespace: metadata?.namespace ?? "",
      containers: (spec?.template.spec?.containers ?? []).map((container) => container.name),
    })),
    read(
      "quotas",
      Promise.all(
        own.map((namespace) => api.list<V1ResourceQuota>(`/api/v1/namespaces/${namespace}/resourcequotas`)),
      ),
      (lists) =>
        lists.flat().map(({ metadata, spec, status }) => ({
          namespace: metadata?.namespace ?? "",
          name: metadata?.name ?? "",
          own: metadata?.labels?.["app.kubernetes.io/part-of"] === "llm-platform",
          hard: spec?.hard ?? {},
          used: status?.used ?? {},
        })),
    ),
    read("autoscaler", api.get("/api/v1/namespaces/kube-system/configmaps/cluster-autoscaler-status")),
    Promise.all(
      certified
        .filter(({ clusterIssuer }) => clusterIssuer === undefined)
        .map(async ({ namespace, secretName: secret }): Promise<[string, Certificate]> => [
          `${namespace}/${secret}`,
          await readCertificate(api, namespace, secret),
        ]),
    ),
    certified.some(({ clusterIssuer }) => clusterIssuer !== undefined)
      ? listed("ClusterIssuers", "/apis/cert-manager.io/v1/clusterissuers", name)
      : undefined,
    read("rights", askForRights(api, neededRights(environment, own))),
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

async function userOf(api: KubernetesApi): Promise<string> {
  try {
    const { status } = await api.create<{ status?: { userInfo?: { username?: string } } }>(
      "/apis/authentication.k8s.io/v1/selfsubjectreviews",
      {},
    );
    return status?.userInfo?.username ?? "the user of the context";
  } catch {
    // Kubernetes before 1.28 does not say.
    return "the user of the context";
  }
}

async function askForRights(api: KubernetesApi, rights: readonly NeededRight[]): Promise<RightAnswer[]> {
  return Promise.all(
    rights.flatMap((right) =>
      right.verbs.map(async (verb) => {
        const { group, namespace, name } = right;
        const [resource, subresource] = right.resource.split("/");
        const { status } = await api.create<{ status?: { allowed?: boolean } }>(
          "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
          { spec: { resourceAttributes: { group, resource, subresource, verb, namespace, name } } },
        );
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

function readCertificate(api: KubernetesApi, namespace: string, secret: string): Promise<Certificate> {
  return read(
    "the Secret of the certificate",
    api.find<V1Secret>(`/api/v1/namespaces/${namespace}/secrets/${secret}`),
    (found) => (!found ? "missing" : found.type === "kubernetes.io/tls" ? "there" : "without a certificate"),
  );
}
