import { knownToPass } from "./known-to-pass";
import { SettingsError } from "./settings-error";
import { readYamlFile, type YamlMap } from "./yaml-file";

const configFile = "values/config/librechat.yaml";
const endpointName = "Ollama";

/**
 * Reads LibreChat's own configuration, gives its endpoint `Ollama` the environment's models, and checks the result with
 * the schema that LibreChat publishes.
 *
 * @param models as Ollama pulls them; the first one also writes the titles of conversations
 * @throws SettingsError
 * @see https://www.librechat.ai/docs/configuration/librechat_yaml
 */
export function loadLibrechatConfig(root: string, models: readonly string[]): YamlMap {
  const config = withModels(readYamlFile(root, configFile), models);
  knownToPass({ data: config, package: "librechat-data-provider", checker: "librechat-schema" }, () => {
    // Loading the schema, and the HTTP client that comes with it, takes a quarter of a synth.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { checkLibrechatConfig } = require("./librechat-schema") as typeof import("./librechat-schema");
    checkLibrechatConfig(config, configFile);
  });
  return config;
}

function withModels(config: YamlMap, models: readonly string[]): YamlMap {
  const endpoints = (config.endpoints as { custom?: unknown } | undefined)?.custom;
  const index = Array.isArray(endpoints)
    ? endpoints.findIndex((candidate: YamlMap) => candidate?.name === endpointName)
    : -1;
  if (!Array.isArray(endpoints) || index < 0) {
    throw new SettingsError(
      `${configFile}: endpoints.custom: no endpoint is named ${endpointName}: without it LibreChat offers none of Ollama's models`,
    );
  }
  const endpoint = endpoints[index] as YamlMap & { models?: YamlMap };
  const fault = (key: string, text: string) =>
    new SettingsError(`${configFile}: endpoints.custom[${index}].${key}: ${text}`);
  if (
    endpoint.models !== undefined &&
    (typeof endpoint.models !== "object" || Array.isArray(endpoint.models))
  ) {
    throw fault("models", "expected a mapping such as { fetch: true }");
  }
  // LibreChat's schema does without, but LibreChat leaves out an endpoint that lacks one of them.
  for (const key of ["baseURL", "apiKey"]) {
    if (!endpoint[key]) throw fault(key, "missing: without it LibreChat offers none of Ollama's models");
  }
  const decided = [
    ...(endpoint.models?.default === undefined ? [] : ["models.default"]),
    ...(endpoint.titleModel === undefined ? [] : ["titleModel"]),
  ];
  if (decided.length) {
    throw new SettingsError(
      decided
        .map(
          (key) =>
            `${configFile}: endpoints.custom[${index}].${key}: is decided by models in environments/NAME.yaml: remove it here`,
        )
        .join("\n"),
    );
  }
  // As Ollama lists them, so that a model that LibreChat offers is one that Ollama knows by that name.
  const tagged = models.map((model) => (model.includes(":") ? model : `${model}:latest`));
  const completed = { ...endpoint, models: { ...endpoint.models, default: tagged }, titleModel: tagged[0] };
  const custom = endpoints.map((candidate: unknown, i) => (i === index ? completed : candidate));
  return { ...config, endpoints: { ...(config.endpoints as YamlMap), custom } };
}
