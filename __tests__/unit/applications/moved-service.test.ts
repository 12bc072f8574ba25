import { application, releaseSettings } from "../../../applications/application";
import { loadSettings } from "../../../applications/load-settings";
import { refuseMovedService } from "../../../applications/moved-service";
import { releaseValues } from "../../../applications/release-values";
import { toYaml } from "../../../settings/yaml-file";
import { failure } from "../failure";
import { releaseOf } from "../release-of";
import { sampleRepository } from "../sample-repository";

/** What is said of values of a release in an overlay of its own. */
function said(release: string, values: object): string {
  const sample = sampleRepository();
  sample.write(`values/${release}.minikube.yaml`, JSON.stringify(values));
  const settings = loadSettings(sample.root, {});
  return failure(() => releaseValues(settings, releaseOf(settings.environment, release)));
}

const names = "policies and addresses know the names that follow from the name of the release";
const port = (number: number) => `policies and addresses know the port ${number} of the release`;

test.each<[string, string, object, string]>([
  [
    "ollama",
    "fullnameOverride",
    { fullnameOverride: "models" },
    `found "models": ${names} ollama: remove it`,
  ],
  ["ollama", "nameOverride", { nameOverride: "models" }, `found "models": ${names} ollama: remove it`],
  [
    "ollama",
    "namespaceOverride",
    { namespaceOverride: "elsewhere" },
    'found "elsewhere": policies and addresses know the namespace ollama of the release ollama: remove it',
  ],
  ["ollama", "service.port", { service: { port: 80 } }, `found 80: ${port(11434)} ollama: remove it`],
  ["ollama", "ollama.port", { ollama: { port: 8080 } }, `found 8080: ${port(11434)} ollama: remove it`],
  [
    "ollama",
    'podLabels["app.kubernetes.io/name"]',
    { podLabels: { "app.kubernetes.io/name": "models", team: "a" } },
    'found "models": policies and addresses know the label app.kubernetes.io/name=ollama of the release ollama: remove it',
  ],
  [
    "librechat",
    "librechat.configEnv.PORT",
    { librechat: { configEnv: { PORT: "8080" } } },
    `found "8080": ${port(3080)} librechat: remove it`,
  ],
  [
    "librechat",
    "service.containerPort",
    { service: { containerPort: 8080 } },
    `found 8080: ${port(3080)} librechat: remove it`,
  ],
  ...["fullnameOverride", "nameOverride"].flatMap((key) =>
    ["mongodb", "meilisearch"].map((subchart): [string, string, object, string] => [
      "librechat",
      `${subchart}.${key}`,
      { [subchart]: { [key]: "db" } },
      `found "db": ${names} librechat: remove it`,
    ]),
  ),
  [
    "librechat",
    "mongodb.service.nameOverride",
    { mongodb: { service: { nameOverride: "db" } } },
    `found "db": ${names} librechat: remove it`,
  ],
  [
    "librechat",
    "mongodb.service.ports.mongodb",
    { mongodb: { service: { ports: { mongodb: 27018 } } } },
    `found 27018: ${port(27017)} librechat: remove it`,
  ],
  [
    "librechat",
    "mongodb.containerPorts.mongodb",
    { mongodb: { containerPorts: { mongodb: 27018 } } },
    `found 27018: ${port(27017)} librechat: remove it`,
  ],
  [
    "librechat",
    "meilisearch.container.containerPort",
    { meilisearch: { container: { containerPort: 80 } } },
    `found 80: ${port(7700)} librechat: remove it`,
  ],
  [
    "librechat",
    "meilisearch.service.port",
    { meilisearch: { service: { port: 80 } } },
    `found 80: ${port(7700)} librechat: remove it`,
  ],
  [
    "librechat",
    "librechat.configEnv.HOST",
    { librechat: { configEnv: { HOST: "127.0.0.1" } } },
    `found "127.0.0.1": ${port(3080)} librechat: remove it`,
  ],
  [
    "librechat",
    "meilisearch.environment.MEILI_HTTP_ADDR",
    { meilisearch: { environment: { MEILI_HTTP_ADDR: "0.0.0.0:80" } } },
    `found "0.0.0.0:80": ${port(7700)} librechat: remove it`,
  ],
  [
    "librechat",
    "librechat-rag-api.service.port",
    { "librechat-rag-api": { enabled: true, service: { port: 80 } } },
    `found 80: ${port(8000)} librechat: remove it`,
  ],
  [
    "librechat",
    "librechat-rag-api.postgresql.nameOverride",
    { "librechat-rag-api": { enabled: true, postgresql: { nameOverride: "db" } } },
    `found "db": ${names} librechat: remove it`,
  ],
  [
    "librechat",
    "redis.master.containerPorts.redis",
    { redis: { enabled: true, master: { containerPorts: { redis: 1 } } } },
    `found 1: ${port(6379)} librechat: remove it`,
  ],
])("fails where values of %s move what others reach: %s", (release, key, values, message) => {
  expect(said(release, values)).toBe(`values/${release}.minikube.yaml:1: ${key}: ${message}`);
});

test("what says the same as the platform does, or says nothing, is no fault", () => {
  const sample = sampleRepository();
  const same = {
    fullnameOverride: "ollama",
    nameOverride: "ollama",
    namespaceOverride: "ollama",
    service: { port: 11434 },
    podLabels: { team: "a", "app.kubernetes.io/name": "ollama" },
  };
  sample.write("values/ollama.minikube.yaml", JSON.stringify(same));
  const settings = loadSettings(sample.root, {});
  expect(releaseValues(settings, releaseOf(settings.environment, "ollama"))).toMatchObject(same);
});

test("nor is what says the same of a subchart", () => {
  const sample = sampleRepository();
  const same = {
    mongodb: { fullnameOverride: "librechat-mongodb", service: { nameOverride: "librechat-mongodb" } },
    meilisearch: {
      fullnameOverride: "librechat-meilisearch",
      environment: { MEILI_HTTP_ADDR: "[::]:7700" },
    },
    // Its pods listen where they do, and LibreChat is told the port of their Service.
    langfuseFanout: { service: { port: 80 } },
  };
  sample.write("values/librechat.minikube.yaml", JSON.stringify(same));
  const settings = loadSettings(sample.root, {});
  expect(releaseValues(settings, releaseOf(settings.environment, "librechat"))).toMatchObject(same);
});

test("it holds for an application of any chart, whose ports may have names", () => {
  const notes = application({
    name: "notes",
    component: "notebook",
    settings: releaseSettings({
      guard: "login",
      storage: {},
      quota: { cpu: "2", memory: "4Gi", storage: "20Gi", pods: 5 },
    }),
    pods: { api: { port: 8080 }, cache: { port: 6379 } },
    values: () => ({}),
  });
  const release = { name: "notes", namespace: "notes", application: notes };
  const values = {
    containerPorts: { http: 8081, https: 8443 },
    service: { targetPort: "http" },
    global: { namespaceOverride: "elsewhere" },
    cache: { containerPorts: { cache: 1 }, metrics: { containerPorts: { http: 9121 } } },
  };
  const { root, write } = sampleRepository();
  write("values/notes.yaml", toYaml(values));
  const files = [{ file: "values/notes.yaml", values }];
  expect(failure(() => refuseMovedService(root, release, { values, files })).split("\n")).toEqual([
    'values/notes.yaml:11: global.namespaceOverride: found "elsewhere": policies and addresses know the namespace notes of the release notes: remove it',
    "values/notes.yaml:8: containerPorts.http: found 8081: policies and addresses know the port 8080 of the release notes: remove it",
    "values/notes.yaml:3: cache.containerPorts.cache: found 1: policies and addresses know the port 6379 of the release notes: remove it",
  ]);
});
