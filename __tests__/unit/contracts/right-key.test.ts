import type { Contract, ContractKey } from "../../../contracts/contract";
import { describeFault } from "../../../contracts/check-values";
import { valuesFaults } from "../../../contracts/values-faults";
import { parseYamlMap } from "../../../settings/yaml-file";

const map: ContractKey = { type: "map" };
const text: ContractKey = { type: "string", default: "" };
const onOff: ContractKey = { type: "boolean", default: false };

const contract: Contract = {
  name: "sample",
  version: "1.0.0",
  appVersion: "1",
  keys: {
    image: map,
    "image.repository": text,
    "image.tag": text,
    "image.pullPolicy": text,
    imagePullSecrets: { type: "list", default: [] },
    replicaCount: { type: "number", default: 1 },
    podAnnotations: { type: "map", open: true, default: {} },
    resources: { type: "map", open: true, default: {}, kubernetes: ["core.v1.ResourceRequirements"] },
    service: map,
    "service.name": text,
    "service.loadBalancerIP": text,
    "service.ports": { type: "list", default: [] },
    "service.ports.*": map,
    "service.ports.*.targetPort": { type: "scalar" },
    serviceAccount: map,
    "serviceAccount.type": text,
    ingress: map,
    "ingress.ingressClassName": text,
    metrics: map,
    "metrics.enabled": onOff,
    "metrics.podReplicas": { type: "number" },
    sidecar: map,
    "sidecar.image": text,
    "sidecar.logLevel": text,
    ui: map,
    "ui.serviceType": text,
    autoscaling: map,
    "autoscaling.enabled": onOff,
    persistence: map,
    "persistence.enabled": onOff,
    "persistence.storageClassName": text,
    "persistence.size": { ...text, needs: [["persistence.enabled"]] },
    server: map,
    "server.image": map,
    "server.image.registry": text,
    "server.hostAliases": { type: "list", default: [] },
    "server.host": { ...text, unread: true },
    policies: { type: "list", default: [] },
    redis: { ...map, needs: [["redis.enabled"]] },
    "redis.enabled": onOff,
    "redis.architecture": text,
    "redis.auth": map,
    "redis.auth.password": text,
    trace: map,
    "trace.ratio": text,
    "trace.format": text,
  },
};

function said(values: string, keys: Contract["keys"] = contract.keys): string[] {
  const set = parseYamlMap(values, "values.yaml");
  const context = { contract: { ...contract, keys }, values: set, familiarKeys: {} };
  return valuesFaults(context.contract, set).map((fault) => describeFault(context, fault));
}

test.each([
  // Letters that are wrong, left out, too many, or at each other's place.
  ["replicaCuont: 2", "replicaCount"],
  ["replicaCont: 2", "replicaCount"],
  ["image: { repositroy: a }", "image.repository"],
  ["service: { nmae: a }", "service.name"],
  ["image: { tga: a }", "image.tag"],
  // Several parts, and what is below one.
  ["persistance: { storageClasName: a }", "persistence.storageClassName"],
  ["service: { ports: [{ targetprot: 80 }] }", "service.ports[0].targetPort"],
  ["resuorces: { limits: { memory: 1Gi } }", "resources.limits.memory"],
  ["podAnotations: { any/key: a }", "podAnnotations.any/key"],
  ["resuorces: { limit: { memory: 1Gi } }", "resources"],
  // Case, the plural, and names that are called names.
  ["image: { pull-policy: a }", "image.pullPolicy"],
  ["image: { pull_policy: a }", "image.pullPolicy"],
  ["service: { loadbalancerip: a }", "service.loadBalancerIP"],
  ["service: { port: [{}] }", "service.ports"],
  ["policy: [a]", "policies"],
  ["persistence: { storageClass: a }", "persistence.storageClassName"],
  // Two parts that are one, one that is missing, and one too many.
  ["imagePullPolicy: a", "image.pullPolicy"],
  ["image: { pullSecrets: [a] }", "imagePullSecrets"],
  ["hostAliases: [a]", "server.hostAliases"],
  ["image: { registry: a }", "server.image.registry"],
  ["global: { replicaCount: 2 }", "replicaCount"],
  ["redis: { enabled: true, password: a }", "redis.auth.password"],
  // What other charts call it.
  ["replicas: 2", "replicaCount"],
  ["metrics: { replicaCount: 2 }", "metrics.podReplicas"],
  ["ingress: { className: a }", "ingress.ingressClassName"],
  ["image: { imageTag: a }", "image.tag"],
])("%s: %s was meant", (values, right) => {
  expect(said(values)).toEqual([expect.stringContaining(`, did you mean ${right}?`)]);
});

test.each([
  ["what has another meaning", "probes: { enabled: true }"],
  ["what is of another thing", "metrics: { serviceMonitor: { enabled: true } }"],
  ["what could be of anything", "type: a"],
  ["what another container has", "logLevel: a"],
  ["what another service has", "serviceType: a"],
  ["what has another meaning by one word more", "annotations: { a: b }"],
  ["the same of another part of the chart", "service: { tag: a }"],
  ["what nothing reads", "server: { hots: a }"],
  ["what a subchart has", "architecture: a"],
  ["what holds another kind of value", "metric: [a]"],
  ["what has nothing of what is in it", "traces: { access: { format: json } }"],
  ["what shares no more than its last name", "secret: { database: { ingressClassName: a } }"],
  ["one of several places", "enabled: true"],
])("%s is not named: %s", (_what, values) => {
  expect(said(values)).toEqual([expect.not.stringContaining("did you mean")]);
});

test("what is global, but for another service, is not named", () => {
  const global = { global: map, "global.redis": map, "global.redis.username": text };
  expect(said("username: a", { ...contract.keys, ...global })).toEqual([
    expect.not.stringContaining("did you mean"),
  ]);
});

test("what is off is named with what switches it on", () => {
  expect(said("persistence: { sise: 1Gi }")).toEqual([
    expect.stringContaining(
      "did you mean persistence.size, which it reads only when persistence.enabled is on?",
    ),
  ]);
});
