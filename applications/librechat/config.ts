import * as path from "node:path";
import type { Environment } from "../../settings/environment";
import { knownToPass } from "../../settings/known-to-pass";
import { decidedByPlatform } from "./decided-config";
import type { Settings } from "../../settings/load-settings";
import { pinnedChart } from "../../settings/chart-lock";
import { librechatImage } from "./image";
import { librechatSchema, type LibrechatSchema } from "./schemas";
import { SettingsError } from "../../settings/settings-error";
import { readYamlFile, type YamlMap } from "../../settings/yaml-file";

const configFile = "values/config/librechat.yaml";
const endpointName = "Ollama";

/** What is read and checked of LibreChat beside its values. */
export interface LibrechatFiles {
  /** Its own configuration, completed. */
  readonly config: YamlMap;
  /** Its image, as a container names it. */
  readonly image: string;
}

/**
 * Reads what LibreChat has beside its values.
 *
 * @throws SettingsError when its configuration is wrong, or no schema is known for its image's tag
 */
export function librechatFiles({ root, environment, charts, values }: Settings): LibrechatFiles {
  const image = librechatImage(root, pinnedChart(charts, "librechat"), values("librechat"));
  const schema = librechatSchema(image.tag, image.tagSource);
  return { config: loadLibrechatConfig({ root, environment, schema }), image: image.reference };
}

export interface LibrechatConfigProps {
  /** The repository, absolute. */
  readonly root: string;
  readonly environment: Pick<Environment, "name" | "models" | "librechat">;
  /** That of the LibreChat which is deployed. */
  readonly schema: LibrechatSchema;
}

/**
 * Reads LibreChat's own configuration, completes it with what the environment decides, and checks the result with the schema
 * of the LibreChat that is deployed.
 *
 * @throws SettingsError
 * @see https://www.librechat.ai/docs/configuration/librechat_yaml
 */
export function loadLibrechatConfig({ root, environment, schema }: LibrechatConfigProps): YamlMap {
  const file = readYamlFile(root, configFile);
  const config = decidedByPlatform({
    config: withModels(file, environment.models),
    file: configFile,
    // LibreChat knows an endpoint that is called Ollama, in whatever case, by its name in lower case.
    endpoint: endpointName.toLowerCase(),
    environment,
  });
  knownToPass(
    { data: config, package: schema.package, checker: path.join(__dirname, "config-check.ts") },
    () => {
      // Loading the schema, and the HTTP client that comes with it, takes a quarter of a synth.
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { checkLibrechatConfig } = require("./config-check") as typeof import("./config-check");
      checkLibrechatConfig(config, configFile, schema);
    },
  );
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
  const completed = {
    ...endpoint,
    models: { ...endpoint.models, default: [...models] },
    titleModel: models[0],
  };
  const custom = endpoints.map((candidate: unknown, i) => (i === index ? completed : candidate));
  return { ...config, endpoints: { ...(config.endpoints as YamlMap), custom } };
}
