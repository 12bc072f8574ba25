import { releaseCheck } from "../../../applications/release-check";
import { applications } from "../../../applications/registry";
import { releasesOf } from "../../../applications/releases";
import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { releaseValues } from "../../../applications/release-values";
import { describeFault, describeFaults, valuesCheck } from "../../../contracts/check-values";
import type { Contract } from "../../../contracts/contract";
import { valuesDoubts, valuesFaults } from "../../../contracts/values-faults";
import { loadChartLock, pinnedChart } from "../../../settings/chart-lock";
import { environmentNames } from "../../../applications/load-environment";
import { loadSettings } from "../../../applications/load-settings";
import type { YamlMap } from "../../../settings/yaml-file";
import { failure } from "../failure";
import { repository, type SampleRepository, sampleRepository } from "../sample-repository";
import { synthesizePlatform } from "../synthesize-platform";

const charts = loadChartLock(repository);

/** What the check says about values that stand in one file. */
function faults(application: string, text: string): string[] {
  const values = load(text) as YamlMap;
  const sample = sampleRepository();
  const file = `values/${application}.yaml`;
  sample.write(file, text);
  const origin = { decidedIn: "environments/sample.yaml", files: [{ file, values }] };
  const { familiarKeys = {} } = applications.find(({ name }) => name === application) ?? {};
  const chart = pinnedChart(charts, application);
  const check = valuesCheck({ root: sample.root, chart, familiarKeys, origin: () => origin });
  try {
    check(values);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
}

const asPublished = (application: string): string =>
  fs.readFileSync(path.join(repository, `__tests__/fixtures/as-published/${application}.yaml`), "utf8");

const librechat = "the chart librechat 2.0.8 has no such key and ignores it";
const ollama = "the chart ollama 1.77.0 has no such key and ignores it";

test.each([
  ["librechat", 2, "config", librechat, "librechat.configEnv"],
  ["librechat", 36, "extraEnvVarsSecret", librechat, "global.librechat.existingSecretName"],
  ["librechat", 72, "meilisearch.auth.enabled", librechat, "meilisearch.auth.existingMasterKeySecret"],
  ["librechat", 96, "persistence.enabled", librechat, "librechat.imageVolume.enabled"],
  ["librechat", 97, "persistence.size", librechat, "librechat.imageVolume.size"],
  ["librechat", 98, "persistence.storageClass", librechat, "librechat.imageVolume.storageClassName"],
  ["ollama", 8, "ollama.models", 'expected a map, found ["llama2","codellama"]', "ollama.models.pull"],
  ["ollama", 14, "ollama.resources.requests.cpu", ollama, "resources.requests.cpu"],
  ["ollama", 15, "ollama.resources.requests.memory", ollama, "resources.requests.memory"],
])(
  "fails on the article's %s values: line %i, %s: %s, did you mean %s?",
  (application, line, key, problem, right) => {
    expect(faults(application, asPublished(application))).toContainEqual(
      expect.stringContaining(
        `values/${application}.yaml:${line}: ${key}: ${problem}, did you mean ${right}?`,
      ),
    );
  },
);

test("what is kept for use elsewhere in the file is not refused, and what it holds is held against the contract there", () => {
  const small = "x-small: &small { limits: { memory: 1Gi } }\n";
  expect(faults("ollama", `${small}resources: *small\n`)).toEqual([]);
  expect(faults("ollama", `${small}persistentVolume: { size: *small }\n`)).toEqual([
    expect.stringContaining("values/ollama.yaml:2: persistentVolume.size: "),
  ]);
});

test("of the article's values nothing else is refused", () => {
  expect(faults("librechat", asPublished("librechat"))).toHaveLength(6);
  expect(faults("ollama", asPublished("ollama"))).toHaveLength(3);
});

test.each<[string, string, string]>([
  // Misspelt, in the chart and in a subchart.
  ["librechat", "replicasCount: 1", `replicasCount: ${librechat}, did you mean replicaCount?`],
  ["librechat", "mongodb: { persistance: { size: 1Gi } }", "did you mean mongodb.persistence.size?"],
  [
    "librechat",
    "librechat: { imageVolume: { storageClass: a } }",
    "did you mean librechat.imageVolume.storageClassName?",
  ],
  [
    "ollama",
    "persistence: { size: 1Gi }",
    "did you mean persistentVolume.size, which it reads only when persistentVolume.enabled is on?",
  ],
  [
    "ollama",
    "ingress: { enabled: true, hosts: [{ host: a, pathes: [] }] }",
    "did you mean ingress.hosts[0].paths?",
  ],
  // Declared by the chart, and read by nothing.
  [
    "librechat",
    "librechat: { existingSecretName: a }",
    "declares this key, but nothing in it reads it, did you mean global.librechat.existingSecretName?",
  ],
  ["librechat", "service: { targetPort: 3081 }", "declares this key, but nothing in it reads it: remove it"],
  // Types.
  ["librechat", "replicaCount: two", 'expected a whole number, found "two"'],
  ["librechat", "mongodb: { enabled: yes please }", 'expected true or false, found "yes please"'],
  ["librechat", "image: { tag: 1.10 }", "expected a string, found 1.1"],
  ["ollama", "ollama: { models: { pull: llama2 } }", 'expected a list, found "llama2"'],
  [
    "ollama",
    "service: { type: ClusterIp }",
    "expected one of ClusterIP, ExternalName, LoadBalancer, NodePort",
  ],
  ["ollama", "image: { pullPolicy: always }", "expected one of Always, IfNotPresent, Never"],
  // The API server takes text alone in a ConfigMap.
  [
    "librechat",
    "librechat: { configEnv: { SEARCH: true } }",
    "librechat.configEnv.SEARCH: expected a string, found true: put it in quotes",
  ],
  [
    "librechat",
    "librechat: { configEnv: { PORT: 3080 } }",
    "librechat.configEnv.PORT: expected a string, found 3080: put it in quotes",
  ],
  // Pieces of Kubernetes objects.
  [
    "ollama",
    "resources: { request: { cpu: 1 } }",
    "Kubernetes has no such field in core.v1.ResourceRequirements and drops it",
  ],
  ["ollama", "resources: { limits: { memory: 16GB } }", "expected a quantity such as 500m, 2 or 4Gi"],
  [
    "ollama",
    "tolerations: [{ key: a, efect: NoSchedule }]",
    "tolerations[0].efect: Kubernetes has no such field in core.v1.Toleration and drops it, did you mean effect?",
  ],
  ["ollama", "podSecurityContext: { runAsUsr: 1 }", "did you mean runAsUser?"],
  ["ollama", "affinity: { nodeAfinity: {} }", "did you mean nodeAffinity?"],
  ["ollama", "extraEnv: [{ name: A, value: 1 }]", "extraEnv[0].value: expected a string, found 1"],
  [
    "ollama",
    "volumes: [{ name: a, pvc: {} }]",
    "volumes[0].pvc: Kubernetes has no such field in core.v1.Volume",
  ],
  ["ollama", "updateStrategy: { type: Recreated }", "expected one of Recreate, RollingUpdate"],
  [
    "librechat",
    "livenessProbe: { httpGet: { path: /, prt: 1 } }",
    "livenessProbe.httpGet.prt: Kubernetes has no such field",
  ],
  [
    "librechat",
    "hostAliases: [{ ip: 1.2.3.4, hosts: [a] }]",
    "hostAliases[0].hosts: Kubernetes has no such field in core.v1.HostAlias",
  ],
  ["librechat", "mongodb: { resources: { limit: {} } }", "did you mean limits?"],
  [
    "librechat",
    "mongodb: { livenessProbe: { enabled: true, periodSecond: 1 } }",
    "did you mean periodSeconds?",
  ],
  [
    "librechat",
    "ingress: { hosts: [{ host: a, paths: [{ path: /, pathType: prefix }] }] }",
    "expected one of Exact, ImplementationSpecific, Prefix",
  ],
  // Null in the place of a map that templates look into.
  ...["service", "image", "updateStrategy", "livenessProbe", "autoscaling"].map(
    (key): [string, string, string] => [
      "ollama",
      `${key}:`,
      `${key}: null takes the map away that the chart has there, and its templates look for ${key}.`,
    ],
  ),
  ["librechat", "langfuseFanout:", "langfuseFanout: null takes the map away that the chart has there"],
  [
    "librechat",
    "mongodb: { service: null }",
    "mongodb.service: null takes the map away that the chart has there",
  ],
  [
    "librechat",
    "redis: { enabled: true, master: { service: null } }",
    "Helm would fail (nil pointer); remove it, or write {} for what the chart librechat 2.0.8 has",
  ],
  // Parts of an image's name that hold another part.
  [
    "librechat",
    "image: { repository: registry.librechat.ai/danny-avila/librechat }",
    'image.repository: found "registry.librechat.ai/danny-avila/librechat", which stands behind the registry registry.librechat.ai of image.registry, so that there would be two: write danny-avila/librechat here, and registry.librechat.ai there',
  ],
  [
    "librechat",
    "mongodb: { image: { repository: 'localhost:5000/bitnami/mongodb' } }",
    "stands behind the registry docker.io of mongodb.image.registry, so that there would be two: write bitnami/mongodb here, and localhost:5000 there",
  ],
  [
    "librechat",
    "global: { imageRegistry: mirror.test }\nmongodb: { image: { registry: '', repository: quay.io/a/mongodb } }",
    "stands behind the registry mirror.test of global.imageRegistry",
  ],
  [
    "librechat",
    "mongodb: { global: { imageRegistry: mirror.test }, image: { repository: quay.io/a/mongodb } }",
    "stands behind the registry mirror.test of mongodb.global.imageRegistry",
  ],
  [
    "librechat",
    "global: { imageRegistry: mirror.test }\nimage: { repository: 'quay.io/a/librechat:v0.8.7' }",
    "stands behind the registry registry.librechat.ai of image.registry, so that there would be two: write a/librechat here, and quay.io there, and v0.8.7 to image.tag",
  ],
  [
    "librechat",
    "image: { repository: 'quay.io/a/librechat@sha256:0123' }",
    "write a/librechat here, and quay.io there, and the digest to image.tag",
  ],
  [
    "librechat",
    "mongodb: { image: { repository: 'quay.io/a/mongodb@sha256:0123' } }",
    "write a/mongodb here, and quay.io there, and the digest to mongodb.image.digest",
  ],
  [
    "librechat",
    "global: { imageRegistry: 'https://mirror.test/' }",
    "write the host alone, without https://",
  ],
  [
    "librechat",
    "mongodb: { global: { imageRegistry: 'mirror.test/' } }",
    "write the host alone, without https://",
  ],
  [
    "ollama",
    "image: { repository: 'ollama/ollama:0.30.0' }",
    "has a tag in it, before that of image.tag: write it there",
  ],
  [
    "librechat",
    "mongodb: { image: { registry: 'https://mirror.test' } }",
    "write the host alone, without https://",
  ],
  // What is off.
  [
    "ollama",
    "service: { nodePort: 31435 }",
    'reads this only when service.type is NodePort (found: "ClusterIP")',
  ],
  [
    "librechat",
    "meilisearch: { service: { nodePort: 31434 } }",
    "reads this only when meilisearch.service.type is NodePort",
  ],
  [
    "librechat",
    "mongodb: { service: { loadBalancerIP: 1.2.3.4 } }",
    "mongodb.service.loadBalancerIP: the chart librechat 2.0.8 reads this only when mongodb.service.type is LoadBalancer",
  ],
  [
    "librechat",
    "mongodb: { enabled: false, persistence: { size: 1Gi } }",
    "mongodb.persistence.size: the chart librechat 2.0.8 reads this only when mongodb.enabled is on (found: false)",
  ],
  [
    "librechat",
    "redis: { auth: { enabled: true } }",
    "reads this only when redis.enabled is on (found: false)",
  ],
  [
    "librechat",
    "librechat: { imageVolume: { enabled: false, size: 1Gi } }",
    "reads this only when librechat.imageVolume.enabled is on",
  ],
  [
    "ollama",
    "ollama: { gpu: { number: 2 } }",
    "ollama.gpu.number: the chart ollama 1.77.0 reads this only when ollama.gpu.enabled is on (found: false)",
  ],
  ["ollama", "persistentVolume: { size: 1Gi }", "reads this only when persistentVolume.enabled is on"],
  ["ollama", "ingress: { className: nginx }", "reads this only when ingress.enabled is on"],
  [
    "ollama",
    "autoscaling: { enabled: true }\nreplicaCount: 2",
    "reads this only when autoscaling.enabled is off or empty (found: true)",
  ],
  [
    "ollama",
    "lifecycle: { preStop: { sleep: { seconds: 1 } } }\nollama: { models: { pull: [llama2] } }",
    "ollama.models.pull[0]: the chart ollama 1.77.0 reads this only when lifecycle is off or empty",
  ],
  // The map is near, and nobody knows what was meant in it.
  ["ollama", "serviec:", `serviec: ${ollama}, did you mean service?`],
  ["ollama", "resourcs: { a: 1 }", `resourcs.a: ${ollama}, did you mean resources?`],
  [
    "librechat",
    "mongodb: { persistance: { b: 1 } }",
    "has no such key and ignores it, did you mean mongodb.persistence?",
  ],
])("fails on values for %s: %s", (application, text, message) => {
  expect(faults(application, text)).toEqual([expect.stringContaining(message)]);
});

test.each([
  ["librechat", "mongodb: { enabled: false }"],
  ["librechat", "mongodb: { persistence: { enabled: false } }"],
  ["librechat", "librechat: { imageVolume: { storageClassName: fast } }"],
  ["librechat", "global: { librechat: { env: [{ name: A, value: b }] } }"],
  ["librechat", "readinessProbe: null"],
  ["librechat", "mongodb: { tls: { mTLS: null }, metrics: { serviceMonitor: null } }"],
  ["librechat", "redis:"],
  ["ollama", "resources:\npodSecurityContext:\nimage: { tag: }"],
  ["ollama", "image: { repository: mirror.test/ollama/ollama }"],
  ["librechat", "mongodb: { image: { registry: '', repository: mirror.test/bitnami/mongodb } }"],
  ["librechat", "mongodb: { livenessProbe: { enabled: true, periodSeconds: 5 } }"],
  ["librechat", "mongodb: { updateStrategy: { type: Recreate } }"],
  ["librechat", "podAnnotations: { any.key/at-all: 'yes' }"],
  ["librechat", "initContainers: { wait: { image: a, command: [b] } }"],
  // Names, or maps with a name: one template takes either.
  ["librechat", "global: { imagePullSecrets: [registry] }"],
  ["librechat", "global: { imagePullSecrets: [{ name: registry }] }"],
  ["librechat", "mongodb: { image: { pullSecrets: [registry] } }"],
  ["librechat", "mongodb: { volumePermissions: { image: { pullSecrets: [{ name: registry }] } } }"],
  // The chart puts them in quotes.
  ["librechat", "meilisearch: { environment: { MEILI_NO_ANALYTICS: true, MEILI_MAX_INDEXING_THREADS: 2 } }"],
  ["librechat", "langfuseFanout: { enabled: true, memoryLimitMiB: '512', redis: { username: 7 } }"],
  ["ollama", "ingress: { enabled: true, hosts: [{ host: 10 }] }"],
  // What is global for a subchart alone.
  ["librechat", "mongodb: { global: { imageRegistry: mirror.example, storageClass: fast } }"],
  [
    "librechat",
    "mongodb: { global: { imagePullSecrets: [registry], security: { allowInsecureImages: true } } }",
  ],
  ["librechat", "librechat-rag-api: { enabled: true, global: { postgresql: { auth: { username: rag } } } }"],
  // What the chart says itself, read or not.
  ["librechat", "service: { targetPort: 3080 }"],
  ["librechat", "redis: { enabled: false, architecture: standalone }\nmongodb: { databases: [LibreChat] }"],
  ["ollama", "gateway: { listener: { port: 80 } }\ntopologySpreadConstraints: {}"],
  ["ollama", "ollama: { gpu: { enabled: true, number: 2 } }"],
  ["ollama", "nodeSelector: { gpu: 'true' }"],
  ["ollama", "topologySpreadConstraints: [{ maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule }]"],
  ["ollama", "ollama: { models: { create: [{ name: a, configMapRef: b, configMapKeyRef: c }] } }"],
])("values for %s pass: %s", (application, text) => {
  expect(faults(application, text)).toEqual([]);
});

test.each([
  ["ollama", "gpu: { enabled: true }", "gpu.enabled"],
  ["ollama", "metrics: { enabled: true }", "metrics.enabled"],
  ["librechat", "postgres: { enabled: true }", "postgres.enabled"],
  ["librechat", "rbac: { create: false }", "rbac.create"],
])("of switches in %s's values none is likelier than another: %s", (application, text, key) => {
  const found = faults(application, text);
  expect(found).toEqual([expect.stringContaining(`${key}: the chart `)]);
  expect(found[0]).not.toMatch(/did you mean (autoscaling|serviceAccount)\./);
});

/** What a synth says of values of a release in an overlay of its own. */
function said(release: string, values: object): string {
  const sample = sampleRepository();
  sample.write(`values/${release}.minikube.yaml`, JSON.stringify(values));
  return failure(() => synthesizePlatform("minikube", { sample }));
}

test.each([
  [
    "ollama",
    { model: { pull: ["a"] } },
    "model.pull",
    "applications.ollama.models in environments/minikube.yaml decides ollama.models.pull: set it there, and remove this",
  ],
  [
    "ollama",
    { gpu: { number: 1 } },
    "gpu.number",
    "applications.ollama.gpu in environments/minikube.yaml decides ollama.gpu.number: set it there, and remove this",
  ],
  [
    "ollama",
    { priorityClass: "x" },
    "priorityClass",
    "the foundation stack decides priorityClassName: remove this",
  ],
  [
    "librechat",
    { env: { JWT_SECRET: "a" } },
    "env.JWT_SECRET",
    "the Secret librechat-credentials-env (npm run secrets) decides librechat.configEnv.JWT_SECRET: remove this",
  ],
  [
    "librechat",
    { mongodb: { persistance: { size: "1Gi" } } },
    "mongodb.persistance.size",
    "applications.librechat.storage.database in environments/minikube.yaml decides mongodb.persistence.size: set it there, and remove this",
  ],
])(
  "%s: the key that was meant is not advised where it is decided elsewhere: %j",
  (release, values, key, right) => {
    const { name, version } = pinnedChart(charts, release);
    expect(said(release, values).split("\n")).toContain(
      `values/${release}.minikube.yaml:1: ${key}: the chart ${name} ${version} has no such key and ignores it: ${right}`,
    );
  },
);

test("nor is one that would be refused next: what moves a Service, what is off, what nothing reads", () => {
  expect(said("ollama", { nameOverrid: "x" })).toMatch(/ignores it: remove it$/);
  expect(said("librechat", { host: "x" })).toMatch(/ignores it: remove it$/);
  expect(said("librechat", { librechat: { configYaml: "x" } })).toMatch(
    /ignores it \(allowed: adminPanelUrl, configEnv\)$/,
  );
});

test.each([
  [
    "ollama",
    { service: { nodePort: 30_000 } },
    "service.type is NodePort",
    "that would be refused: remove this",
  ],
  [
    "ollama",
    { httpRoute: { hostnames: ["a"] } },
    "httpRoute.enabled is on",
    "that would be refused: remove this",
  ],
  [
    "librechat",
    { meilisearch: { service: { nodePort: 30_000 } } },
    "meilisearch.service.type is NodePort",
    "that would be refused: remove this",
  ],
  [
    "librechat",
    { mongodb: { metrics: { containerPort: 9217 } } },
    "mongodb.metrics.enabled is on",
    "change that, or remove this",
  ],
])("what a rule of %s refuses is not advised for the sake of %j", (release, values, condition, next) => {
  const fault = said(release, values)
    .split("\n")
    .find((line) => line.includes("reads this only when"));
  expect(fault).toContain(condition);
  expect(fault?.endsWith(`: ${next}`)).toBe(true);
});

test("where the platform decides what a value needs, it is not advised to change that", () => {
  expect(said("librechat", { mongodb: { arbiter: { enabled: false } } })).toBe(
    'values/librechat.minikube.yaml:1: mongodb.arbiter.enabled: the chart librechat 2.0.8 reads this only when mongodb.architecture is replicaset (found: "standalone"): that is decided by the foundation stack, whose claim is for one MongoDB: remove this',
  );
});

/** Fails, or not, as a synth does. */
const synth = (sample: SampleRepository, environment: string) =>
  failure(() => synthesizePlatform(environment, { sample }));

test("fails at synth, naming the line of the file that has the last word", () => {
  const sample = sampleRepository();
  sample.write("values/ollama.production.yaml", "# An overlay.\nresources:\n  limits:\n    memory: 32GB\n");
  expect(synth(sample, "production")).toBe(
    'values/ollama.production.yaml:4: resources.limits.memory: expected a quantity such as 500m, 2 or 4Gi, found "32GB" (the chart ollama 1.77.0)',
  );
});

test("fails at synth on what the environment decides, naming the environment", () => {
  const sample = sampleRepository();
  const contract = "charts/ollama-1.77.0.json";
  sample.edit(contract, '  "priorityClassName"', '  "priorityClass"');
  expect(synth(sample, "production")).toBe(
    `environments/production.yaml: priorityClassName: ${ollama}, did you mean priorityClass?`,
  );
});

test("what could not be tried is told with the templates that are not understood, and not refused", () => {
  const contract = {
    ...{ name: "sample", version: "1.0.0", appVersion: "1", notUnderstood: ["templates/a.yaml"] },
    keys: { a: { type: "string", default: "one", unread: true, known: "unknown" } },
  } as const;
  const said = (values: YamlMap) =>
    valuesDoubts(contract, values).map((one) => describeFault({ contract, values, familiarKeys: {} }, one));
  expect(valuesFaults(contract, { a: "two" })).toEqual([]);
  expect(said({ a: "two" })).toEqual([
    "no template of the chart sample 1.0.0 seems to read this, which could not be tried by rendering (not understood: templates/a.yaml): if a rendering is the same without it, remove it",
  ]);
  expect(said({ a: "one" })).toEqual([]);
});

test("what a template reads and was never seen to do anything is told, where its conditions hold, and not refused", () => {
  const contract: Contract = {
    ...{ name: "sample", version: "1.0.0", appVersion: "1" },
    keys: {
      on: { type: "boolean", default: true },
      a: { type: "string", default: "one", needs: [["on"]], known: "unknown" },
    },
  };
  const doubts = (values: YamlMap) => valuesDoubts(contract, values);
  expect(valuesFaults(contract, { a: "two" })).toEqual([]);
  expect(
    doubts({ a: "two" }).map((one) =>
      describeFault({ contract, values: { a: "two" }, familiarKeys: {} }, one),
    ),
  ).toEqual([
    "a template of the chart sample 1.0.0 reads this, but it changed nothing under any condition that was tried: if a rendering is the same without it, remove it",
  ]);
  expect(doubts({ a: "one" })).toEqual([]);
  expect(doubts({ on: false, a: "two" })).toEqual([]);
});

test("an entry of a map needs a switch of its own", () => {
  const contract: Contract = {
    ...{ name: "sample", version: "1.0.0", appVersion: "1" },
    keys: {
      ports: {
        type: "map",
        default: { web: { enabled: true, port: 80 }, tls: { enabled: false, port: 443 } },
      },
      "ports.*": { type: "map" },
      "ports.*.enabled": { type: "boolean" },
      "ports.*.port": { type: "number", needs: [["ports.*.enabled"]] },
    },
  };
  const values = { ports: { web: { port: 81 }, tls: { port: 444 }, api: { enabled: true, port: 82 } } };
  const said = valuesFaults(contract, values).map((one) => [
    one.path.join("."),
    describeFault({ contract, values, familiarKeys: {} }, one),
  ]);
  expect(said).toEqual([
    [
      "ports.tls.port",
      "the chart sample 1.0.0 reads this only when ports.tls.enabled is on (found: false): change that, or remove this",
    ],
  ]);
});

test("a text that says off is refused for a switch, be it one of which rendering shows that it changes something", () => {
  const said = (type: "boolean" | "any" | "scalar", value: unknown): string[] => {
    const contract: Contract = {
      ...{ name: "sample", version: "1.0.0", appVersion: "1" },
      keys: { on: { type, default: true, known: "rendered" } },
    };
    const context = { contract, values: { on: value }, familiarKeys: {} };
    return valuesFaults(contract, context.values).map((one) => describeFault(context, one));
  };
  for (const [type, value] of [
    ["boolean", "false"],
    ["any", "no"],
    ["any", "Off"],
  ] as const) {
    expect(said(type, value)).toEqual([
      `expected true or false, found "${value}": templates take any text for true, write false without quotes (the chart sample 1.0.0)`,
    ]);
  }
  expect([...said("any", "auto"), ...said("scalar", "false"), ...said("any", false)]).toEqual([]);
});

test("a map that is not known is told once, unless its keys were meant as keys of several maps", () => {
  const contract: Contract = {
    ...{ name: "sample", version: "1.0.0", appVersion: "1" },
    keys: {
      resources: { type: "map", open: true },
      image: { type: "map" },
      "image.pullPolicy": { type: "string" },
      imagePullSecrets: { type: "list" },
    },
  };
  const said = (values: YamlMap): string[] =>
    describeFaults({ contract, values, familiarKeys: {} }, valuesFaults(contract, values)).map(
      ({ path, text }) => `${path.join(".")}: ${text}`,
    );
  const chart = "the chart sample 1.0.0 has no such key and ignores it";
  expect(said({ cache: { on: true, sizes: { small: 1, large: 2 } } })).toEqual([
    `cache: ${chart} (allowed: resources, image, imagePullSecrets)`,
  ]);
  expect(said({ resouces: { limits: { cpu: 1, memory: 2 }, requests: {} } })).toEqual([
    `resouces: ${chart}, did you mean resources?`,
  ]);
  expect(said({ web: { image: { pullPolicy: "Always" }, imagePullSecrets: [] } })).toEqual([
    `web.image.pullPolicy: ${chart}, did you mean image.pullPolicy?`,
    `web.imagePullSecrets: ${chart}, did you mean imagePullSecrets?`,
  ]);
});

test("of several conditions of which one is enough all are named, or how many there are", () => {
  const needing = (...needs: string[][]): string[] => {
    const contract: Contract = {
      ...{ name: "sample", version: "1.0.0", appVersion: "1" },
      keys: {
        ...Object.fromEntries([..."abcd"].map((name) => [name, { type: "boolean", default: false }])),
        port: { type: "number", needs },
      },
    };
    const context = { contract, values: { port: 1 }, familiarKeys: {}, decided: { b: "the stack" } };
    return valuesFaults(contract, context.values).map((one) => describeFault(context, one));
  };
  const chart = "the chart sample 1.0.0 reads this only when";
  expect(needing(["a"], ["!a", "c", "d"])).toEqual([
    `${chart} a is on (found: false), or when c is on and d is on: change that, or remove this`,
  ]);
  // What is decided is no way, and what asks for more is none that is new.
  expect(needing(["b"], ["a", "c"])).toEqual([
    `${chart} b is on (found: false), or when a is on and c is on: change that, or remove this`,
  ]);
  expect(needing(["b"], ["b", "c"])).toEqual([
    `${chart} b is on (found: false): that is decided by the stack: remove this`,
  ]);
  expect(needing(["a"], ...["e", "f"].map((name) => ["c", "d", `${name.repeat(80)}=1`]))).toEqual([
    `${chart} a is on (found: false), or in 2 more cases: change that, or remove this`,
  ]);
});

test("fails at synth without a contract, naming the command that makes it", () => {
  const sample = sampleRepository();
  sample.remove("charts/librechat-2.0.8.json");
  expect(synth(sample, "minikube")).toContain("npm run charts -- update librechat 2.0.8");
});

describe("what an overlay switches off needs no more than that", () => {
  const outside = (sample: SampleRepository): void =>
    sample.edit(
      "environments/minikube.yaml",
      "mongodb: { authentication: true }",
      "credentials: { MONGO_URI: given }",
    );

  test.each([
    ["the database", "librechat", "mongodb: { enabled: false }"],
    ["the search", "librechat", "meilisearch: { enabled: no }"],
    ["both", "librechat", "{ mongodb: { enabled: false }, meilisearch: { enabled: false } }"],
    ["a number of pods, by one that grows", "librechat", "autoscaling: { enabled: true, minReplicas: 1 }"],
    ["what a file before it says of probes", "ollama", "livenessProbe: { enabled: false }"],
  ])("%s", (_what, application, overlay) => {
    const sample = sampleRepository();
    outside(sample);
    sample.edit("values/ollama.yaml", "service:", "livenessProbe: { path: /api/version }\nservice:");
    sample.write(`values/${application}.minikube.yaml`, `${overlay}\n`);
    expect(() => synthesizePlatform("minikube", { sample })).not.toThrow();
  });

  test("but its own values for it are of no use, and neither are those after it", () => {
    const sample = sampleRepository();
    outside(sample);
    sample.write("values/librechat.minikube.yaml", "mongodb: { enabled: false, commonLabels: { a: b } }\n");
    expect(synth(sample, "minikube")).toMatch(
      /^values\/librechat\.minikube\.yaml:1: mongodb\.commonLabels: .* only when mongodb\.enabled is on \(found: false\)/,
    );
    sample.edit("values/librechat.yaml", "mongodb:\n  enabled: true", "mongodb:\n  enabled: false");
    sample.write("values/librechat.minikube.yaml", "mongodb: { commonLabels: { a: b } }\n");
    expect(synth(sample, "minikube")).toContain("values/librechat.minikube.yaml:1: mongodb.commonLabels: ");
  });

  test("a password is for a database that runs", () => {
    const sample = sampleRepository();
    sample.write("values/librechat.minikube.yaml", "# Ours is elsewhere.\nmongodb: { enabled: false }\n");
    expect(synth(sample, "minikube")).toBe(
      "environments/minikube.yaml: applications.librechat.mongodb.authentication: is for its own MongoDB, which values/librechat.minikube.yaml:2 switches off: remove it, and name the address of yours by credentials: { MONGO_URI: given }",
    );
  });
});

test("what the platform decides may stand in a file as the chart has it", () => {
  const sample = sampleRepository();
  sample.edit(
    "values/ollama.yaml",
    "service:",
    'ingress: { enabled: false }\nruntimeClassName: ""\nservice:',
  );
  sample.edit("values/librechat.yaml", "mongodb:\n", "mongodb:\n  architecture: standalone\n");
  // In the second, Ollama is exposed: what copies the chart is not refused for it.
  for (const environment of ["production", "minikube"]) {
    expect(() => synthesizePlatform(environment, { sample })).not.toThrow();
  }
  sample.edit("values/librechat.yaml", "architecture: standalone", "architecture: replicaset");
  expect(synth(sample, "production")).toContain("mongodb.architecture: is decided by the foundation stack");
});

test.each(environmentNames(repository))("%s: the values of every release pass", (environment) => {
  const settings = loadSettings(repository, { ENVIRONMENT: environment });
  for (const release of releasesOf(settings.environment)) {
    const check = releaseCheck(settings, release);
    expect(() => check(releaseValues(settings, release))).not.toThrow();
  }
});
