import type { configSchema as ConfigSchema } from "librechat-data-provider-0.8.502";
import { checkLibrechatConfig } from "../../../../applications/librechat/config-check";
import { loadLibrechatConfig } from "../../../../applications/librechat/config";
import { librechatConfigSchema } from "../../../../applications/librechat/config-schema";
import { librechatSchema } from "../../../../applications/librechat/schemas";
import { loadEnvironment } from "../../../../applications/load-environment";
import { loadChartLock } from "../../../../settings/chart-lock";
import { jsonSchemaOf } from "../../../../settings/json-schema";
import { SettingsError } from "../../../../settings/settings-error";
import { toYaml, type YamlMap } from "../../../../settings/yaml-file";
import { anyValues, placesOf, withValue } from "../../places";
import { releaseOf } from "../../release-of";
import { repository, sampleRepository } from "../../sample-repository";
import { faultsOf, validator } from "../../validator";

const schema = librechatSchema("v0.8.7", "values/librechat.yaml: image.tag");

function passes(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof SettingsError) return false;
    throw error;
  }
}

test("what LibreChat's schema takes, the JSON Schema made of it takes", () => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the version that the test is about
  const { configSchema } = require(schema.package) as { configSchema: typeof ConfigSchema };
  const json = jsonSchemaOf(configSchema.strict());
  const validate = validator().compile(json);
  const taken = placesOf(json)
    .flatMap(({ place }) =>
      [...anyValues, "https://example.com"].map((value) => withValue({ version: "1.3.13" }, place, value)),
    )
    .filter((config) => passes(() => checkLibrechatConfig(config as YamlMap, String, schema)));
  expect(taken.flatMap((one) => (validate(one) ? [] : [[one, faultsOf(validate, one)]]))).toEqual([]);
  expect(taken.length).toBeGreaterThan(500);
});

const validate = validator().compile(librechatConfigSchema(repository, loadChartLock(repository)));
const pattern = { name: "Ollama", apiKey: "ollama" };

test.each<[string, boolean, YamlMap]>([
  ["the endpoint of every Ollama, without what the environment decides", true, {}],
  [
    "an endpoint beside it",
    true,
    {
      endpoints: {
        custom: [
          pattern,
          {
            name: "Other",
            apiKey: "key",
            baseURL: "https://other.example.com/v1",
            models: { default: ["one"] },
          },
        ],
      },
    },
  ],
  [
    "a spec beside those of the models",
    true,
    { modelSpecs: { list: [{ name: "two", label: "Two", preset: { endpoint: "Ollama" } }] } },
  ],
  ["model specs without a list", true, { modelSpecs: { enforce: false } }],
  ["a limit of an endpoint", true, { fileConfig: { endpoints: { Other: { fileSizeLimit: 5 } } } }],
  ["an empty mapping of models", true, { endpoints: { custom: [{ ...pattern, models: null }] } }],
  ["the address of every Ollama", false, { endpoints: { custom: [{ ...pattern, baseURL: "http://x/v1" }] } }],
  [
    "the models of every Ollama",
    false,
    { endpoints: { custom: [{ ...pattern, models: { default: ["a"] } }] } },
  ],
  ["the titles of every Ollama", false, { endpoints: { custom: [{ ...pattern, titleModel: "a" }] } }],
  ["every Ollama without a key", false, { endpoints: { custom: [{ name: "Ollama" }] } }],
  ["a feature that the environment switches", false, { interface: { webSearch: true } }],
  ["the limit that the environment decides", false, { fileConfig: { serverFileSizeLimit: 5 } }],
  [
    "the limit of an endpoint that the environment decides",
    false,
    { fileConfig: { endpoints: { custom: { fileSizeLimit: 5 } } } },
  ],
  ["a misspelt key", false, { secureImageLink: true }],
  ["a misspelt key of a limit", false, { fileConfig: { endpoints: { custom: { fileLimits: 5 } } } }],
  ["a wrong type", false, { cache: "yes" }],
])("%s: taken %s, by the program and by the schema", (_, isTaken, more) => {
  const config = { version: "1.3.13", endpoints: { custom: [pattern] }, ...more };
  const sample = sampleRepository();
  sample.write("values/config/librechat.yaml", toYaml(config));
  const environment = loadEnvironment(sample.root, "minikube");
  const load = () =>
    loadLibrechatConfig({
      root: sample.root,
      environment: environment.name,
      release: releaseOf(environment, "librechat"),
      models: [releaseOf(environment, "ollama")],
      schema,
    });
  expect([passes(load), validate(config)]).toEqual([isTaken, isTaken]);
});
