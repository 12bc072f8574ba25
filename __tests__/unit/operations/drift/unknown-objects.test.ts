import type { KubernetesObject } from "../../../../operations/cluster/kubernetes-object";
import { unknownObjects } from "../../../../operations/drift/unknown-objects";

/** An object of a namespace, and who made it when. */
const made = (kind: string, manager: string, day: string, fields: object = {}): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  ...fields,
  metadata: {
    name: "x",
    namespace: "chat",
    creationTimestamp: `2026-11-${day}T00:00:00Z`,
    managedFields: [{ manager, time: `2026-11-${day}T00:00:00Z`, fieldsV1: { "f:subjects": {} } }],
  },
});
const namespaces = [made("Namespace", "HashiCorp", "10")];
const everybody = {
  roleRef: { kind: "ClusterRole", name: "view" },
  subjects: [{ kind: "Group", name: "system:authenticated" }],
};
const unknown = (
  inside: KubernetesObject[],
  outside: KubernetesObject[] = [],
  known: KubernetesObject[] = [],
) =>
  unknownObjects({ namespaces, inside, outside, notListed: [] }, (object) => known.includes(object)).map(
    ({ object, madeBy }) => `${object} ${madeBy}`,
  );

test("what nobody deployed is unknown, but for what controllers, Helm and this program make by themselves", () => {
  const [debug, notes] = [made("Pod", "kubectl-run", "12"), made("Pod", "helm", "12")];
  const release = made("Secret", "helm", "12", { type: "helm.sh/release.v1" });
  const token = made("Secret", "kubectl-create", "12", { type: "kubernetes.io/service-account-token" });
  const endpoints = made("Endpoints", "kube-controller-manager", "12");
  const record = made("ConfigMap", "llm-platform", "12");
  const all = [debug, notes, release, token, endpoints, record];
  expect(unknown(all, [], [notes])).toEqual(["Pod/x kubectl-run", "Secret/x kubectl-create"]);
});

test("what controllers made is unknown where somebody else has changed it since", () => {
  const alone = made("Pod", "kube-controller-manager", "12");
  // A name anybody may take: of a pod that belongs to nothing, no controller is the maker.
  expect(unknown([alone])).toEqual(["Pod/x kube-controller-manager"]);
  expect(unknown([made("Job", "some-operator", "12"), made("CronJob", "llm-platform", "12")])).toHaveLength(
    2,
  );
  const pod: KubernetesObject = {
    ...alone,
    metadata: { ...alone.metadata, ownerReferences: [{ kind: "ReplicaSet" }] },
  };
  const by = (manager: string, fieldsV1: object, subresource?: string) => ({
    ...pod,
    metadata: {
      ...pod.metadata,
      managedFields: [
        ...(pod.metadata.managedFields as object[]),
        { manager, time: "2026-11-13T00:00:00Z", fieldsV1, subresource },
      ],
    },
  });
  const image = { "f:spec": { "f:containers": {} } };
  expect(
    unknown([by("kubectl-debug", { "f:spec": { "f:ephemeralContainers": {} } }, "ephemeralcontainers")]),
  ).toEqual(["Pod/x kubectl-debug"]);
  expect(unknown([by("kubectl-set", image)])).toEqual(["Pod/x kubectl-set"]);
  expect(unknown([by("vpa-updater", image), by("somebody", { "f:metadata": {} })])).toEqual([]);
});

test("what concerns every namespace belongs to the cluster where it was there before the platform", () => {
  const binding = (manager: string, day: string) => made("ClusterRoleBinding", manager, day, everybody);
  expect(unknown([], [binding("kubectl-create", "09"), binding("kube-apiserver", "11")])).toEqual([]);
  expect(unknown([], [binding("kubectl-edit", "11"), binding("helm", "11")])).toEqual([
    "ClusterRoleBinding/x kubectl-edit",
    "ClusterRoleBinding/x helm",
  ]);
});
