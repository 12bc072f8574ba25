import type { KubernetesObject } from "../../../../operations/cluster/kubernetes-object";
import { type ObjectDrift, objectDrift, shownDrift } from "../../../../operations/diff/live-differences";
import { liveSentence } from "../../../../operations/diff/report";
import { sameValue } from "../../../../operations/diff/same-value";
import { Masker } from "../../../../operations/secrets/masking";
import { deployment, object } from "./objects";

function liveDifferences(deployed: KubernetesObject, live: KubernetesObject | undefined) {
  const drift = objectDrift(deployed, live);
  return drift ? shownDrift(drift, new Masker()) : [];
}

describe("two values", () => {
  it.each([
    ["1000m", 1],
    ["1Gi", "1024Mi"],
    ["0.5", "500m"],
    ["1e3", "1k"],
    [80, "80"],
    [null, undefined],
    ["", undefined],
    [false, undefined],
    [[], undefined],
    [{ a: {} }, undefined],
  ])("are the same to Kubernetes: %j and %j", (a, b) => {
    expect(sameValue(a, b)).toBe(true);
    expect(sameValue(b, a)).toBe(true);
  });

  it.each([
    ["1", "2"],
    ["1Gi", "1G"],
    ["latest", "later"],
    [true, undefined],
    [[{}], undefined],
    [1, undefined],
    ["a", {}],
  ])("are different: %j and %j", (a, b) => {
    expect(sameValue(a, b)).toBe(false);
  });
});

/** As much of a live Deployment as the tests edit. */
interface LiveDeployment {
  metadata: { uid?: string; managedFields: object[] };
  spec: {
    replicas: number;
    progressDeadlineSeconds?: number;
    template: { spec: { containers: { name: string; image: string; imagePullPolicy?: string }[] } };
  };
  status: object;
}

/** What the API server makes of a Deployment: defaults and a status. */
function served(
  deployed: KubernetesObject,
  edit: (live: LiveDeployment) => void = () => undefined,
): KubernetesObject {
  const live = structuredClone(deployed) as unknown as LiveDeployment;
  live.metadata.uid = "1";
  live.metadata.managedFields = [
    {
      manager: "helm",
      time: "2026-01-01T00:00:00Z",
      fieldsV1: { "f:spec": { "f:replicas": {}, "f:template": {} } },
    },
  ];
  live.spec.progressDeadlineSeconds = 600;
  Object.assign(live.spec.template.spec.containers[0] ?? {}, { imagePullPolicy: "IfNotPresent" });
  live.spec.template.spec.containers.unshift({ name: "injected", image: "proxy" });
  live.status = { replicas: 1 };
  edit(live);
  return live as unknown as KubernetesObject;
}

describe("a live object", () => {
  it("does not differ by what the API server and others add", () => {
    const deployed = {
      ...deployment(),
      status: {},
      metadata: { ...deployment().metadata, creationTimestamp: null },
    };
    expect(liveDifferences(deployed, served(deployed))).toEqual([]);
  });

  it("differs by what a revision that failed added, and by nothing else of its deployer's", () => {
    const live = served(deployment(), ({ metadata, spec }) => {
      Object.assign(spec.template.spec, { nodeSelector: { zone: "nowhere" }, hostNetwork: true });
      metadata.managedFields = [
        {
          manager: "helm",
          time: "2026-01-02T00:00:00Z",
          fieldsV1: {
            "f:spec": {
              "f:progressDeadlineSeconds": {},
              "f:template": { "f:spec": { "f:nodeSelector": {}, "f:hostNetwork": {} } },
            },
          },
        },
      ];
    });
    expect(objectDrift(deployment(), live)).toBeUndefined();
    const attempted = structuredClone(deployment()) as unknown as LiveDeployment;
    Object.assign(attempted.spec.template.spec, { nodeSelector: { zone: "nowhere" } });
    const drift = objectDrift(deployment(), live, {
      attempted: [attempted as unknown as KubernetesObject],
    });
    expect(drift?.fields).toMatchObject([
      { field: "spec.template.spec.nodeSelector", live: { zone: "nowhere" }, owner: { manager: "helm" } },
    ]);
  });

  it("differs by what somebody edited, and says who did", () => {
    const live = served(deployment(), (live) => {
      live.spec.replicas = 3;
      live.metadata.managedFields.push({
        manager: "kubectl",
        subresource: "scale",
        time: "2026-01-02T00:00:00Z",
        fieldsV1: { "f:spec": { "f:replicas": {} } },
      });
    });
    expect(liveDifferences(deployment(), live)).toEqual([
      {
        object: "Deployment/ollama",
        namespace: "ollama",
        field: "spec.replicas",
        deployed: 1,
        live: 3,
        changedBy: "kubectl",
        changedAt: "2026-01-02T00:00:00Z",
      },
    ]);
  });

  it("has the items of its lists told apart by name, and their owners by their keys", () => {
    const live = served(deployment({ image: "a:1" }), (live) => {
      Object.assign(live.spec.template.spec.containers[1] ?? {}, { image: "a:2" });
      live.metadata.managedFields = [
        {
          manager: "kubectl-set",
          fieldsV1: {
            "f:spec": {
              "f:template": { "f:spec": { "f:containers": { 'k:{"name":"ollama"}': { "f:image": {} } } } },
            },
          },
        },
      ];
    });
    expect(liveDifferences(deployment({ image: "a:1" }), live)).toMatchObject([
      {
        field: "spec.template.spec.containers[ollama].image",
        deployed: "a:1",
        live: "a:2",
        changedBy: "kubectl-set",
      },
    ]);
  });

  it("may be gone, as a whole or in part", () => {
    expect(liveDifferences(deployment(), undefined)).toMatchObject([{ field: "", live: undefined }]);
    const deployed = object("ConfigMap", { data: { a: "1", "b.yaml": "2" } });
    expect(liveDifferences(deployed, object("ConfigMap", { data: { a: "1" } }))).toMatchObject([
      { field: 'data["b.yaml"]', deployed: "2", live: undefined },
    ]);
  });

  it("is compared in whatever version the API server answers", () => {
    const deployed = {
      ...object("PodDisruptionBudget", { spec: { minAvailable: 1 } }),
      apiVersion: "policy/v1beta1",
    };
    expect(liveDifferences(deployed, { ...deployed, apiVersion: "policy/v1" })).toEqual([]);
  });
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

describe("both sides of a difference", () => {
  const config = (text: string) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "c", namespace: "ollama" },
    data: { text },
  });

  it("differ in what is shown, also where a secret is hidden alike in both", () => {
    const drift = objectDrift(config("password: planted-one-two"), config('password: "planted-one-two"'));
    const [shown] = shownDrift(drift as ObjectDrift, new Masker());
    expect(shown).toBeDefined();
    expect(shown?.live).not.toEqual(shown?.deployed);
    expect(JSON.stringify(shown)).not.toContain("planted");
  });

  it("differ in the line that is printed, however long they are, and by their type", () => {
    const long = "x".repeat(500);
    const sides = (deployed: unknown, live: unknown) =>
      liveSentence({ object: "A/b", namespace: "", field: "f", deployed, live })
        .replace("A/b f: deployed ", "")
        .split(", live ");
    for (const [deployed, live] of [
      [`${long}a${long}`, `${long}b${long}`],
      [long, `${long}, and more`],
      ["nothing", undefined],
      ["", undefined],
      ["[1]", [1]],
    ]) {
      const [one, other] = sides(deployed, live);
      expect(one).not.toBe(other);
      expect(`${one}${other}`.length).toBeLessThanOrEqual(240);
    }
    expect(sides(`${long}a${long}`, `${long}b${long}`)[0]).toMatch(/^…x{20}ax+…$/);
  });
});
