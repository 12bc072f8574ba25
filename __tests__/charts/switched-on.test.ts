import * as fs from "node:fs";
import * as path from "node:path";
import { allowedTraffic } from "../../applications/allowed-traffic";
import { loadSettings } from "../../applications/load-settings";
import { readChartPackage } from "../../contracts/chart-package";
import { contractFile, contractText } from "../../contracts/contract-file";
import { deriveContract } from "../../contracts/derive-contract";
import { kubernetesSchema } from "../../contracts/kubernetes-schema";
import { chartOf, findValues } from "../../applications/release-values";
import { renderChart } from "../../operations/charts/render-chart";
import { checkPlatform } from "../../stacks/platform";
import { mergeValues } from "../../settings/values";
import type { YamlMap } from "../../settings/yaml-file";
import { failure } from "../unit/failure";
import { releaseOf } from "../unit/release-of";
import { type SampleRepository, sampleRepository } from "../unit/sample-repository";
import { chartsDirectory, helm } from "./machine";
import { objectsIn, ofKind, workloads } from "./rendered-objects";

// Each renders several charts.
jest.setTimeout(60_000);

/** What Helm makes of values in an overlay, checked or not. */
async function rendered(release: string, values: YamlMap, sample: SampleRepository = sampleRepository()) {
  sample.write(`values/${release}.minikube.yaml`, JSON.stringify(values));
  const settings = loadSettings(sample.root, { CHARTS_DIR: chartsDirectory });
  const found = releaseOf(settings.environment, release);
  const chart = chartOf(settings, found).package as string;
  const all = findValues(settings, found).values;
  const text = await renderChart({ helm, chart, release, values: mergeValues([all, values]) });
  const files = settings.values(release).values;
  return { settings, objects: objectsIn(text), text, release: found, files };
}

const parts = {
  redis: { enabled: true, networkPolicy: { enabled: false } },
  "librechat-rag-api": {
    enabled: true,
    image: { tag: "v0.7.0" },
    postgresql: { primary: { networkPolicy: { enabled: false } } },
  },
  langfuseFanout: {
    enabled: true,
    image: { tag: "v1.0.0" },
    central: { authHeaderSecret: { name: "langfuse" } },
  },
};

test("parts that are switched on are reached by those that need them, at their ports, and by nobody else", async () => {
  const { settings, objects, release, files } = await rendered("librechat", parts);
  expect(() => checkPlatform(settings)).not.toThrow();
  const all = workloads(objects);
  const selected = (labels: { readonly [label: string]: string }) =>
    all.filter((one) => Object.entries(labels).every(([key, value]) => one.labels[key] === value));
  const traffic = allowedTraffic(release, [], "ingress-nginx", files).map(({ policy, to, from, port }) => {
    const [target, ...others] = selected(to);
    expect(others).toEqual([]);
    const ports = target?.containers
      .flatMap((one) => one.ports ?? [])
      .map(({ containerPort }) => containerPort);
    expect(ports).toContain(port);
    return [
      policy,
      ...(from.labels ? selected(from.labels).map(({ name }) => name) : ["the ingress"]),
      target?.name,
    ];
  });
  expect(traffic).toEqual([
    ["ingress-to-librechat", "the ingress", "librechat-librechat"],
    ["librechat-to-mongodb", "librechat-librechat", "librechat-mongodb"],
    ["librechat-to-meilisearch", "librechat-librechat", "librechat-meilisearch"],
    ["librechat-backup-to-mongodb", "librechat-backup", "librechat-mongodb"],
    ["librechat-to-redis", "librechat-librechat", "librechat-redis-master"],
    ["librechat-redis-to-redis", "librechat-redis-master", "librechat-redis-master"],
    ["librechat-to-librechat-rag-api", "librechat-librechat", "librechat-librechat-rag-api"],
    [
      "librechat-librechat-rag-api-to-librechat-rag-api-postgresql",
      "librechat-librechat-rag-api",
      "librechat-postgresql",
    ],
    ["librechat-to-langfuse-fanout", "librechat-librechat", "librechat-librechat-langfuse-fanout"],
    ["librechat-langfuse-fanout-to-redis", "librechat-librechat-langfuse-fanout", "librechat-redis-master"],
  ]);
  expect(all.map(({ name }) => name).sort()).toEqual(
    [...new Set(traffic.flatMap(([, from, to]) => (from === "the ingress" ? [to] : [from, to])))].sort(),
  );
  expect(ofKind(objects, "NetworkPolicy")).toEqual([]);
});

test.each([
  ["librechat", { mongodb: { networkPolicy: { enabled: true } } }, "mongodb.networkPolicy.enabled"],
  ["librechat", { redis: { enabled: true } }, "redis.networkPolicy.enabled"],
  [
    "librechat",
    { "librechat-rag-api": { enabled: true, image: { tag: "v0.7.0" } } },
    "librechat-rag-api.postgresql.primary.networkPolicy.enabled",
  ],
])("a policy of the chart of %s that is refused lets everybody in: %j", async (release, values, key) => {
  const { settings, objects } = await rendered(release, values);
  expect(failure(() => checkPlatform(settings))).toContain(
    `${key}: the chart's NetworkPolicy lets every pod`,
  );
  const rules = ofKind(objects, "NetworkPolicy").flatMap(({ spec }) => spec.ingress as { from?: unknown }[]);
  expect(rules.filter(({ from }) => from === undefined)).not.toEqual([]);
});

test.each([
  ["ollama", "service"],
  ["ollama", "image"],
  ["ollama", "updateStrategy"],
  ["librechat", "serviceAccount"],
  ["librechat", "mongodb.metrics"],
])("null is refused in %s's values where Helm fails on it: %s", async (release, key) => {
  const values = key.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), null) as YamlMap;
  await expect(rendered(release, values)).rejects.toThrow("nil pointer");
  const sample = sampleRepository();
  sample.write(`values/${release}.minikube.yaml`, JSON.stringify(values));
  const settings = loadSettings(sample.root, { CHARTS_DIR: chartsDirectory });
  expect(failure(() => checkPlatform(settings))).toContain(`${key}: null takes the map away`);
});

test.each([
  [
    "librechat",
    { image: { repository: "registry.librechat.ai/danny-avila/librechat" } },
    "registry.librechat.ai/registry.librechat.ai/",
  ],
  [
    "librechat",
    { mongodb: { image: { repository: "docker.io/bitnamilegacy/mongodb" } } },
    "docker.io/docker.io/",
  ],
  ["ollama", { image: { repository: "ollama/ollama:0.30.0" } }, "ollama/ollama:0.30.0:"],
])("an image of %s that is refused would have had a part twice: %j", async (release, values, twice) => {
  const { settings, text } = await rendered(release, values);
  expect(text).toContain(twice);
  expect(failure(() => checkPlatform(settings))).toContain(".repository: found ");
});

test("values that beat the GPUs of the environment are refused: Helm takes them", async () => {
  const limits = { limits: { "nvidia.com/gpu": 4 } };
  const asked = async (values: YamlMap) =>
    workloads((await rendered("ollama", values)).objects)[0]?.containers[0]?.resources?.limits?.[
      "nvidia.com/gpu"
    ];
  expect(await asked({ resources: limits })).toBe(4);
  expect(await asked({ resources: null })).toBeUndefined();
  expect(await asked({ resources: {} })).toBe(1);
});

test("a chart's credentials, which everybody can read, are in no ConfigMap", async () => {
  const sample = sampleRepository();
  const contract = deriveContract(
    readChartPackage(path.join(chartsDirectory, "librechat-2.0.7.tgz")),
    kubernetesSchema(),
  );
  fs.writeFileSync(path.join(sample.root, contractFile("librechat", "2.0.7")), contractText(contract));
  sample.edit("charts/lock.yaml", "version: 2.0.8", "version: 2.0.7");
  const published = contract.keys["librechat.configEnv"]?.default as { [key: string]: string };
  expect(Object.keys(published)).toEqual(["CREDS_KEY", "CREDS_IV", "JWT_SECRET", "JWT_REFRESH_SECRET"]);
  const { settings, text } = await rendered("librechat", {}, sample);
  expect(() => checkPlatform(settings)).not.toThrow();
  for (const value of Object.values(published)) expect(text).not.toContain(value);
});
