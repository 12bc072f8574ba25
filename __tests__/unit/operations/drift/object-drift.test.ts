import { isController } from "../../../../operations/drift/controllers";
import { objectDrift, shownDrift } from "../../../../operations/drift/object-drift";
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

test("controllers are told from people's tools, and what is not known is a person's", () => {
  const controllers = [
    "kube-controller-manager",
    "keda-operator",
    "vpa-updater",
    "cert-manager-cainjector",
    "argo-rollouts-controller",
  ];
  expect(controllers.filter((name) => !isController(name))).toEqual([]);
  const people = [
    "kubectl",
    "kubectl-edit",
    "Helm",
    "terraform-provider-helm_v3.1.1_x5",
    "k9s",
    "curl",
    "Mozilla",
  ];
  expect(people.filter(isController)).toEqual([]);
});

test("an object that is gone is drift without fields", () => {
  const drift = objectDrift(deployment, undefined);
  expect(drift && shownDrift(drift, new Masker())).toEqual([
    { object: "Deployment/ollama", namespace: "ollama", field: "", deployed: "there", live: undefined },
  ]);
});

test("a Secret is compared by its values, however they are written, and shown by a keyed hash", () => {
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "ollama" } };
  const wanted = { ...secret, stringData: { password: "planted-one" } };
  const data = (value: string) => ({ ...secret, data: { password: Buffer.from(value).toString("base64") } });
  expect(objectDrift(wanted, data("planted-one"))).toBeUndefined();
  const drift = objectDrift(wanted, data("planted-two"));
  const [shown] = drift ? shownDrift(drift, new Masker()) : [];
  expect(shown).toMatchObject({ field: "data.password" });
  expect(shown?.deployed).toMatch(/^\(hidden \w{8}\)$/);
  expect(shown?.live).not.toBe(shown?.deployed);
  expect(JSON.stringify(shown)).not.toContain("planted");
});
