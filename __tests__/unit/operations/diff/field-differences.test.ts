import type { KubernetesObject } from "../../../../operations/cluster/kubernetes-object";
import { type ObjectDrift, objectDrift, shownDrift } from "../../../../operations/diff/live-differences";
import { Masker } from "../../../../operations/secrets/masking";

const deployment = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "ollama", namespace: "ollama" },
  spec: { replicas: 1 },
};

/** The object as it is, with the fields that a program owns. */
const scaledBy = (manager: string) => ({
  ...deployment,
  metadata: {
    ...deployment.metadata,
    managedFields: [
      { manager, operation: "Update", subresource: "scale", fieldsV1: { "f:spec": { "f:replicas": {} } } },
    ],
  },
  spec: { replicas: 3 },
});

test("a field that a person set is drift; one that a controller owns is none", () => {
  expect(objectDrift(deployment, scaledBy("kubectl"))?.fields).toHaveLength(1);
  expect(objectDrift(deployment, scaledBy("kube-controller-manager"))).toBeUndefined();
});

/** An object as it is, and who set which of its fields. */
function served(object: KubernetesObject, owners: { readonly [manager: string]: object }): KubernetesObject {
  const managedFields = Object.entries(owners).map(([manager, fieldsV1]) => ({ manager, fieldsV1 }));
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

const fieldsOf = (deployed: KubernetesObject, live: KubernetesObject): string[] =>
  (objectDrift(deployed, live)?.fields ?? []).map(({ field, owner }) => `${field} ${owner?.manager}`);

describe("what was added", () => {
  it("is what belongs to neither a deployer nor a controller, the highest field of it", () => {
    const spec = { ...deployment.spec, paused: true, template: { spec: { hostPID: true, hostIPC: false } } };
    const live = served(
      { ...deployment, spec },
      {
        helm: { "f:spec": { "f:replicas": {}, "f:template": { "f:spec": { "f:hostIPC": {} } } } },
        "kube-controller-manager": { "f:spec": { "f:paused": {} } },
        "kubectl-patch": { "f:spec": { "f:template": { "f:spec": { "f:hostPID": {} } } } },
      },
    );
    expect(fieldsOf(deployment, live)).toEqual(["spec.template.spec.hostPID kubectl-patch"]);
    const [shown] = shownDrift(objectDrift(deployment, live) as ObjectDrift, new Masker());
    expect(shown).toEqual(expect.objectContaining({ deployed: undefined, live: true }));
  });

  it("is seen below a value that was deployed empty, and is not that of whoever left it empty", () => {
    const wanted = { ...deployment, spec: { securityContext: {} } };
    const live = served(
      { ...deployment, spec: { securityContext: { runAsUser: 0 } } },
      {
        helm: { "f:spec": { "f:securityContext": {} } },
        "kubectl-edit": { "f:spec": { "f:securityContext": { "f:runAsUser": {} } } },
      },
    );
    expect(fieldsOf(wanted, live)).toEqual(["spec.securityContext.runAsUser kubectl-edit"]);
  });

  it("may be empty, false or nothing: an item that is empty, a label without a value", () => {
    const wanted = { ...deployment, kind: "NetworkPolicy", spec: { podSelector: {} } };
    const live = served(
      {
        ...wanted,
        metadata: { ...wanted.metadata, labels: { x: "" } },
        spec: { podSelector: {}, ingress: [{}] },
      },
      {
        "kubectl-edit": {
          "f:metadata": { "f:labels": { ".": {}, "f:x": {} } },
          "f:spec": { "f:ingress": {} },
        },
      },
    );
    expect(fieldsOf(wanted, live)).toEqual(["metadata.labels.x kubectl-edit", "spec.ingress kubectl-edit"]);
  });

  it("is no default, no restart, and no mark of Helm's, whoever set it", () => {
    const annotations = { "kubectl.kubernetes.io/restartedAt": "now", "meta.helm.sh/release-name": "ollama" };
    const live = served(
      {
        ...deployment,
        metadata: { ...deployment.metadata, annotations },
        spec: { ...deployment.spec, revisionHistoryLimit: 10 },
      },
      { "kubectl-replace": { "f:metadata": { "f:annotations": {} }, "f:spec": {} } },
    );
    expect(fieldsOf(deployment, live)).toEqual([]);
  });

  it("is found under a name that somebody has taken: a deployer's after its deploy, a controller's where none writes", () => {
    const wanted = { ...deployment, spec: { ...deployment.spec, template: { spec: {} } } };
    const spec = { ...deployment.spec, paused: true, template: { spec: { hostPID: true } } };
    const live = (manager: string, more: object = {}) => {
      const fieldsV1 = { "f:spec": { "f:paused": {}, "f:template": { "f:spec": { "f:hostPID": {} } } } };
      const managedFields = [{ manager, time: "2026-11-20T12:00:01Z", fieldsV1, ...more }];
      return { ...deployment, spec, metadata: { ...deployment.metadata, managedFields } };
    };
    const found = (object: KubernetesObject, deployedUntil?: string) =>
      (objectDrift(wanted, object, { deployedUntil })?.fields ?? []).map(({ field }) => field).sort();
    const both = ["spec.paused", "spec.template.spec.hostPID"];
    expect(found(live("helm"))).toEqual([]);
    expect(found(live("helm"), "2026-11-20T12:00:01Z")).toEqual([]);
    expect(found(live("helm"), "2026-11-20T12:00:00Z")).toEqual(both);
    expect(found(live("HashiCorp", { subresource: "scale" }), "2026-11-20T12:00:01Z")).toEqual(both);
    expect(found(live("kube-controller-manager"))).toEqual(["spec.template.spec.hostPID"]);
  });

  it("is known of an object without owners where neither the API server nor a controller fills anything in", () => {
    const wiped = (object: KubernetesObject): KubernetesObject => ({
      ...object,
      metadata: { ...object.metadata, managedFields: [{}] },
    });
    const config = { ...deployment, kind: "ConfigMap", spec: undefined, data: { greeting: "hello" } };
    expect(fieldsOf(config, wiped({ ...config, data: { greeting: "bye", extra: "" } }))).toEqual([
      "data.greeting undefined",
      "data.extra undefined",
    ]);
    const service = { ...deployment, kind: "Service", spec: { ports: [{ name: "http", port: 80 }] } };
    const ports = [
      { name: "http", port: 80, protocol: "TCP", nodePort: 30_000 },
      { name: "ssh", port: 22 },
    ];
    const open = { ports, externalIPs: ["192.0.2.1"], clusterIP: "10.0.0.1", sessionAffinity: "None" };
    expect(fieldsOf(service, wiped({ ...service, spec: open }))).toEqual([
      "spec.ports[ssh] undefined",
      "spec.externalIPs undefined",
    ]);
    const workload = { ...deployment, spec: { template: { spec: { containers: [{ name: "a" }] } } } };
    const pod = { containers: [{ name: "a", env: [{ name: "X" }] }], dnsPolicy: "ClusterFirst" };
    expect(
      fieldsOf(workload, wiped({ ...workload, spec: { paused: true, template: { spec: pod } } })),
    ).toEqual(["spec.template.spec.containers[a].env undefined"]);
  });
});
