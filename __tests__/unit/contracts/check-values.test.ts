import { releaseCheck } from "../../../applications/release-check";
import { applications } from "../../../applications/registry";
import { releasesOf } from "../../../applications/releases";
import * as fs from "node:fs";
import * as path from "node:path";
import { load } from "js-yaml";
import { releaseValues } from "../../../applications/release-values";
import { valuesCheck } from "../../../contracts/check-values";
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
  const check = valuesCheck(sample.root, pinnedChart(charts, application), familiarKeys, () => origin);
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
  ["librechat", 3, "config.APP_TITLE", librechat, "librechat.configEnv.APP_TITLE"],
  ["librechat", 4, "config.HOST", librechat, "librechat.configEnv.HOST"],
  ["librechat", 5, "config.PORT", librechat, "librechat.configEnv.PORT"],
  ["librechat", 6, "config.SEARCH", librechat, "librechat.configEnv.SEARCH"],
  ["librechat", 7, "config.MONGO_URI", librechat, "librechat.configEnv.MONGO_URI"],
  ["librechat", 8, "config.MEILI_HOST", librechat, "librechat.configEnv.MEILI_HOST"],
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

test("of the article's values nothing else is refused", () => {
  expect(faults("librechat", asPublished("librechat"))).toHaveLength(11);
  expect(faults("ollama", asPublished("ollama"))).toHaveLength(3);
});

test.each([
  // Misspelt, in the chart and in a subchart.
  ["librechat", "replicasCount: 1", `replicasCount: ${librechat}, did you mean replicaCount?`],
  ["librechat", "mongodb: { persistance: { size: 1Gi } }", "did you mean mongodb.persistence.size?"],
  [
    "librechat",
    "librechat: { imageVolume: { storageClass: a } }",
    "did you mean librechat.imageVolume.storageClassName?",
  ],
  ["ollama", "persistence: { size: 1Gi }", "did you mean persistentVolume.size?"],
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
  ["librechat", 'replicaCount: "2"', 'expected a whole number, found "2"'],
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
  // What is off.
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
])("fails on values for %s: %s", (application, text, message) => {
  expect(faults(application, text)).toEqual([expect.stringContaining(message)]);
});

test.each([
  ["librechat", "mongodb: { enabled: false }"],
  ["librechat", "mongodb: { persistence: { enabled: false } }"],
  ["librechat", "librechat: { imageVolume: { storageClassName: fast } }"],
  ["librechat", "global: { librechat: { env: [{ name: A, value: b }] } }"],
  ["librechat", "readinessProbe: null"],
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
  expect(() => synthesizePlatform("minikube", { sample })).not.toThrow();
  sample.edit("values/librechat.yaml", "architecture: standalone", "architecture: replicaset");
  expect(synth(sample, "minikube")).toContain("mongodb.architecture: is decided by the foundation stack");
});

test.each(environmentNames(repository))("%s: the values of every release pass", (environment) => {
  const settings = loadSettings(repository, { ENVIRONMENT: environment });
  for (const release of releasesOf(settings.environment)) {
    const check = releaseCheck(settings, release);
    expect(() => check(releaseValues(settings, release))).not.toThrow();
  }
});
