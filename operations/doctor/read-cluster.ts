import { releasesOf } from "../../applications/releases";
import type { KubeConfig, V1Namespace, V1ResourceQuota, V1Secret } from "@kubernetes/client-node";
import { apiMessage, statusCode } from "../cluster/api-error";
import { KubernetesApi, quickMs } from "../cluster/kubernetes-api";
import type { Environment } from "../../settings/environment";
import { type ClusterFacts, nameOf, type Reading, valueOf } from "./cluster-facts";
import { type NeededRight, neededRights, type RightAnswer } from "./needed-rights";

const notEnded = "status.phase!=Succeeded,status.phase!=Failed";

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
  const { gitVersion: version } = await api.get<{ gitVersion: string }>("/version");
  const certified = releasesOf(environment).flatMap(({ namespace, own: { ingress } }) =>
    ingress?.tls ? [{ namespace, ...ingress.tls }] : [],
  );
  const claims = releasesOf(environment).flatMap(({ namespace, application, own }) => {
    const claim = application.deviceClaim?.(own);
    return claim ? [{ namespace, ...claim }] : [];
  });
  const templates = claims.filter(({ template }) => template !== undefined);
  const listed = <Item>(what: string, path: string) => read(what, api.list<Item>(path));
  const names = (what: string, path: string) =>
    read(
      what,
      api.list<V1Namespace>(path).then((items) => items.map(nameOf)),
    );
  const apiGroups = read(
    "API groups",
    api.get<{ groups: { name: string }[] }>("/apis").then(({ groups }) => groups.map((group) => group.name)),
  );
  const autoscaler = read(
    "autoscaler",
    api.get("/api/v1/namespaces/kube-system/configmaps/cluster-autoscaler-status"),
  );
  return together<ClusterFacts>({
    version,
    user: userOf(api),
    apiGroups,
    namespaces: names("namespaces", "/api/v1/namespaces"),
    storageClasses: listed("StorageClasses", "/apis/storage.k8s.io/v1/storageclasses"),
    ingressClasses: listed("IngressClasses", "/apis/networking.k8s.io/v1/ingressclasses"),
    runtimeClasses: names("RuntimeClasses", "/apis/node.k8s.io/v1/runtimeclasses"),
    deviceClasses:
      claims.length > templates.length
        ? names("DeviceClasses", "/apis/resource.k8s.io/v1/deviceclasses")
        : undefined,
    claimTemplates: templates.length
      ? read(
          "ResourceClaimTemplates",
          Promise.all(
            templates.map(({ namespace, template }) =>
              api.find(`/apis/resource.k8s.io/v1/namespaces/${namespace}/resourceclaimtemplates/${template}`),
            ),
          ).then((found) =>
            templates.flatMap(({ namespace, template }, i) => (found[i] ? [`${namespace}/${template}`] : [])),
          ),
        )
      : undefined,
    nodes: listed("nodes", "/api/v1/nodes"),
    pods: listed("pods", `/api/v1/pods?fieldSelector=${encodeURIComponent(notEnded)}`),
    daemonSets: listed("DaemonSets", "/apis/apps/v1/daemonsets"),
    quotas: read(
      "quotas",
      Promise.all(
        own.map((namespace) => api.list<V1ResourceQuota>(`/api/v1/namespaces/${namespace}/resourcequotas`)),
      ).then((lists) => lists.flat()),
    ),
    autoscaled: Promise.all([autoscaler, apiGroups]).then(
      ([found, groups]) => "value" in found || (valueOf(groups) ?? []).includes("karpenter.sh"),
    ),
    certificates: together(
      Object.fromEntries(
        certified
          .filter(({ clusterIssuer }) => clusterIssuer === undefined)
          .map(({ namespace, secretName }) => [
            `${namespace}/${secretName}`,
            read(
              "the Secret of the certificate",
              api.find<V1Secret>(`/api/v1/namespaces/${namespace}/secrets/${secretName}`),
            ),
          ]),
      ),
    ),
    clusterIssuers: certified.some(({ clusterIssuer }) => clusterIssuer !== undefined)
      ? names("ClusterIssuers", "/apis/cert-manager.io/v1/clusterissuers")
      : undefined,
    // Last: they are many, and the connections few.
    rights: read("rights", askForRights(api, neededRights(environment, own))),
  });
}

/** What is asked at once, under its names. */
async function together<Answers extends object>(questions: {
  readonly [name in keyof Answers]: Answers[name] | Promise<Answers[name]>;
}): Promise<Answers> {
  const answers = Object.entries(questions).map(async ([name, answer]) => [name, await answer] as const);
  return Object.fromEntries(await Promise.all(answers)) as Answers;
}

async function read<A>(what: string, answer: Promise<A>): Promise<Reading<A>> {
  try {
    return { value: await answer };
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
  // Each is asked once.
  const asked = new Map<string, Promise<boolean>>();
  const allowed = ({ resource: qualified, name }: NeededRight, verb: string, namespace?: string) => {
    const [whole = "", subresource] = qualified.split("/");
    const [resource, ...groups] = whole.split(".");
    const spec = {
      resourceAttributes: { group: groups.join("."), resource, subresource, verb, namespace, name },
    };
    const key = JSON.stringify(spec);
    const ask = async (): Promise<boolean> => {
      const reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
      const { status } = await api.create<{ status?: { allowed?: boolean } }>(reviews, { spec });
      return status?.allowed ?? false;
    };
    const answer = asked.get(key) ?? ask();
    asked.set(key, answer);
    return answer;
  };
  return Promise.all(
    rights.flatMap((right) =>
      right.verbs.map(async (verb) => ({
        right,
        verb,
        // Without a namespace a review is about all of them: whoever may there may in each.
        allowed:
          (await allowed(right, verb)) ||
          (right.namespace !== undefined && (await allowed(right, verb, right.namespace))),
      })),
    ),
  );
}
