import type { KubernetesObject, ObjectPair } from "../../../../operations/cluster/kubernetes-object";
import { warningsOf } from "../../../../operations/diff/warnings/warnings";
import { deployment, object } from "./objects";

const texts = (...pairs: ObjectPair[]) => warningsOf(pairs).map(({ text }) => text);

describe("what is lost", () => {
  it.each([
    ["PersistentVolumeClaim", ["PersistentVolumeClaim/sample in librechat is deleted, and with it its data"]],
    ["Secret", ["Secret/sample in librechat is deleted"]],
    ["ConfigMap", []],
  ])("is warned of: %s", (kind, warnings) => {
    expect(texts({ old: object(kind) })).toEqual(warnings);
    expect(texts({ old: object(kind), new: object(kind) })).toEqual([]);
  });

  it("is everything in a namespace", () => {
    const namespace: KubernetesObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "ollama" } };
    expect(texts({ old: namespace })).toEqual([
      "Namespace/ollama is deleted with everything in it, claims and their data included",
    ]);
  });

  it("is not a claim that Helm keeps", () => {
    const annotations = { "helm.sh/resource-policy": "keep" };
    expect(texts({ old: object("PersistentVolumeClaim", { metadata: { annotations } }) })).toEqual([]);
  });
});

describe("workloads", () => {
  it("are warned of where a field cannot be changed", () => {
    expect(texts({ old: deployment(), new: deployment({ labels: { app: "other" } }) })).toEqual([
      "Deployment/ollama: spec.selector cannot be changed: the upgrade fails until the object is deleted, and it is made anew",
    ]);
  });

  it("are warned of where they stop before they start, and only where their pods change", () => {
    const old = deployment({ strategy: "Recreate" });
    expect(texts({ old, new: deployment({ strategy: "Recreate", replicas: 2 }) })).toEqual([]);
    expect(texts({ old, new: deployment({ strategy: "Recreate", image: "ollama/ollama:2" }) })).toEqual([
      expect.stringMatching(
        /^Deployment\/ollama: its pods are stopped before new ones start \(strategy Recreate\)/,
      ),
      "Deployment/ollama: image ollama/ollama:1 → ollama/ollama:2",
    ]);
    expect(texts({ old: deployment(), new: deployment({ image: "ollama/ollama:2" }) })).toEqual([
      "Deployment/ollama: image ollama/ollama:1 → ollama/ollama:2",
    ]);
  });

  it.each([
    [deployment(), deployment({ gpus: 1 }), "0 → 1"],
    [deployment({ gpus: "1" }), deployment({ gpus: 2 }), "1 → 2"],
    [deployment({ gpus: 1 }), deployment({ gpus: 1, replicas: 3 }), "1 → 3"],
    [undefined, deployment({ gpus: 1 }), "0 → 1"],
    [deployment(), deployment({ gpus: 1, resource: "nvidia.com/gpu.shared" }), "0 → 1"],
    [deployment(), deployment({ gpus: 2, resource: "nvidia.com/mig-1g.5gb" }), "0 → 2"],
    [deployment(), deployment({ gpus: 2, resource: "amd.com/cpx_nps4" }), "0 → 2"],
    [deployment({ gpus: 2 }), undefined, "2 → 0"],
  ])("are warned of where they ask for other GPUs", (old, planned, counts) => {
    expect(texts({ old, new: planned })).toContain(`Deployment/ollama: GPUs ${counts}`);
  });

  it("ask for as many GPUs, however the number is written", () => {
    expect(texts({ old: deployment({ gpus: "1" }), new: deployment({ gpus: 1 }) })).toEqual([]);
  });
});

describe("exposure", () => {
  const service = (type: string) => object("Service", { spec: { type } });
  const ingress = (hosts: string[], ranges?: string) =>
    object("Ingress", {
      metadata: {
        annotations: ranges ? { "nginx.ingress.kubernetes.io/whitelist-source-range": ranges } : {},
      },
      spec: { rules: hosts.map((host) => ({ host })) },
    });

  it.each([
    [
      "a Service",
      service("ClusterIP"),
      service("LoadBalancer"),
      "Service/sample: is reached from outside the cluster (LoadBalancer)",
    ],
    ["a new Ingress", undefined, ingress(["a.test"]), "Ingress/sample: is reached at a.test"],
    [
      "another host",
      ingress(["a.test"]),
      ingress(["a.test", "b.test"]),
      "Ingress/sample: is reached at b.test",
    ],
    [
      "every address",
      ingress(["a"], "10.0.0.0/8"),
      ingress(["a"]),
      "Ingress/sample: every address may reach it, before 10.0.0.0/8",
    ],
    [
      "more addresses",
      ingress(["a"], "10.0.0.0/8"),
      ingress(["a"], "10.0.0.0/8, 0.0.0.0/0"),
      "Ingress/sample: 0.0.0.0/0 may reach it, too",
    ],
    [
      "a route",
      undefined,
      object("HTTPRoute", { spec: { hostnames: ["a.test"] } }),
      "HTTPRoute/sample: is reached at a.test",
    ],
  ])("is warned of: %s", (_words, old, planned, warning) => {
    expect(texts({ old, new: planned })).toEqual([warning]);
  });

  it("is not warned of where it is closed", () => {
    expect(texts({ old: service("LoadBalancer"), new: service("ClusterIP") })).toEqual([]);
    expect(texts({ old: ingress(["a"]), new: ingress(["a"], "10.0.0.0/8") })).toEqual([]);
    expect(texts({ old: ingress(["a"]) })).toEqual([]);
  });
});

describe("a NetworkPolicy", () => {
  const policy = (spec: object) =>
    object("NetworkPolicy", { spec: { podSelector: {}, policyTypes: ["Ingress"], ...spec } });
  const web = { podSelector: { matchLabels: { app: "web" } } };
  const rule = (from: object[] = [], ports: object[] = []) => ({ ingress: [{ from, ports }] });

  it.each([
    [
      "is removed",
      policy({}),
      undefined,
      "is removed: pods that no other policy selects are open to everybody",
    ],
    [
      "is new and lets somebody in",
      undefined,
      policy(rule([web], [{ port: 80 }])),
      "is new and lets in pods of app=web on port 80/TCP",
    ],
    ["lets everybody in", policy(rule([web])), policy(rule()), "now also lets in everybody on every port"],
    [
      "lets another port through",
      policy(rule([web], [{ port: 80 }])),
      policy(rule([web], [{ port: 80 }, { port: 443 }])),
      "now also lets in pods of app=web on port 443/TCP",
    ],
    [
      "lets addresses in",
      policy({}),
      policy(rule([{ ipBlock: { cidr: "0.0.0.0/0" } }])),
      "now also lets in 0.0.0.0/0 on every port",
    ],
    [
      "no longer restricts a direction",
      policy({ policyTypes: ["Ingress", "Egress"] }),
      policy({}),
      "no longer restricts Egress",
    ],
    [
      "selects other pods",
      policy({}),
      policy({ podSelector: { matchLabels: { app: "a" } } }),
      "selects other pods: those of every label before",
    ],
  ])("is warned of where it %s", (_words, old, planned, warning) => {
    expect(texts({ old, new: planned })).toEqual([`NetworkPolicy/sample in librechat: ${warning}`]);
  });

  it.each([
    ["one that stays selects every pod", [{ new: policy({}) }], false],
    ["one that stays selects the same pods", [{ new: policy({ podSelector: web.podSelector }) }], false],
    ["its namespace goes, too", [{ old: object("Namespace", { metadata: { name: "librechat" } }) }], false],
    [
      "the one that stays selects others",
      [{ new: policy({ podSelector: { matchLabels: { a: "b" } } }) }],
      true,
    ],
    ["the one that stays restricts another direction", [{ new: policy({ policyTypes: ["Egress"] }) }], true],
    [
      "the one that stays is in another namespace",
      [
        {
          new: object("NetworkPolicy", { metadata: { namespace: "x" }, spec: { policyTypes: ["Ingress"] } }),
        },
      ],
      true,
    ],
  ])("that is removed where %s: warned of is %s", (_words, others: ObjectPair[], warned) => {
    const removed = texts({ old: policy({ podSelector: web.podSelector }) }, ...others);
    expect(removed.some((text) => text.includes("is removed"))).toBe(warned);
  });

  it("is warned of where it closes a direction that was open; what lets out there opens nothing", () => {
    const closing = {
      old: policy({}),
      new: policy({ policyTypes: ["Ingress", "Egress"] }),
    };
    expect(texts(closing)).toEqual([
      "NetworkPolicy/sample in librechat: now closes Egress: what no other policy names is not reached any more",
    ]);
    const letsOut = { policyTypes: ["Egress"], egress: [{ to: [web], ports: [{ port: 80 }] }] };
    const lettingOut = { new: policy(letsOut) };
    expect(texts(lettingOut, closing)).toEqual(texts(closing));
    expect(texts(lettingOut, { old: closing.new, new: closing.new })).toEqual([
      "NetworkPolicy/sample in librechat: is new and lets out to pods of app=web on port 80/TCP",
    ]);
  });

  it("is not warned of where it is tightened, or lets nobody in", () => {
    expect(texts({ new: policy({}) })).toEqual([]);
    expect(texts({ old: policy(rule()), new: policy(rule([web])) })).toEqual([]);
    expect(texts({ old: policy(rule([web])), new: policy(rule([web], [{ port: 80 }])) })).toEqual([]);
    expect(texts({ old: policy(rule([web])), new: policy({}) })).toEqual([]);
  });
});
