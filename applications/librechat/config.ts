import { DEFAULT_SCHEMA } from "js-yaml";
import * as path from "node:path";
import { pinnedChart } from "../../settings/chart-lock";
import { knownToPass } from "../../settings/known-to-pass";
import { SettingsError } from "../../settings/settings-error";
import { readYamlFile, type YamlMap } from "../../settings/yaml-file";
import type { ApplicationRelease, ValuesContext } from "../application";
import { ollamaReleases } from "../ollama";
import type { OllamaSettings } from "../ollama/settings";
import { clusterUrl } from "../release-url";
import { decidedByPlatform } from "./decided-config";
import { librechatImage } from "./image";
import { librechatSchema, type LibrechatSchema } from "./schemas";
import type { LibrechatSettings } from "./settings";

/** Relative to the repository. */
export const configFile = "values/config/librechat.yaml";
/** Of the endpoint in the file that every Ollama is offered as. */
export const patternName = "Ollama";
/** What that endpoint may not set, since the environment decides it. */
export const decidedOfPattern = ["baseURL", "models.default", "titleModel"] as const;

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
export function librechatFiles({
  settings,
  release,
  releases,
  files,
}: Pick<ValuesContext<LibrechatSettings>, "settings" | "release" | "releases" | "files">): LibrechatFiles {
  const { root, environment } = settings;
  const image = librechatImage(root, pinnedChart(settings.charts, "librechat"), files);
  const schema = librechatSchema(image.tag, image.tagSource);
  const models = offered(release, ollamaReleases(releases), environment.name);
  return {
    config: loadLibrechatConfig({ root, environment: environment.name, release, models, schema }),
    image: image.reference,
  };
}

/** The releases of Ollama that LibreChat offers, in the order that the environment gives them. */
function offered(
  { name, own, needs }: ApplicationRelease<LibrechatSettings>,
  ollamas: readonly ApplicationRelease<OllamaSettings>[],
  environment: string,
): ApplicationRelease<OllamaSettings>[] {
  if (!own.ollama) return ollamas.filter((ollama) => needs.includes(ollama.name));
  return own.ollama.map((wanted) => {
    const found = ollamas.find((ollama) => ollama.name === wanted);
    if (found) return found;
    throw new SettingsError(
      `environments/${environment}.yaml: applications.${name}.ollama: ${wanted} is no release of Ollama (there are: ${ollamas.map((ollama) => ollama.name).join(", ")})`,
    );
  });
}

export interface LibrechatConfigProps {
  /** The repository, absolute. */
  readonly root: string;
  /** Name of the environment. */
  readonly environment: string;
  readonly release: Pick<ApplicationRelease<LibrechatSettings>, "name" | "own">;
  /** The releases of Ollama whose models it offers. */
  readonly models: readonly ApplicationRelease<OllamaSettings>[];
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
export function loadLibrechatConfig({
  root,
  environment,
  release,
  models,
  schema,
}: LibrechatConfigProps): YamlMap {
  // LibreChat itself reads it so.
  const file = readYamlFile(root, configFile, DEFAULT_SCHEMA);
  const config = decidedByPlatform({
    config: withEndpoints(file, models, environment),
    file: configFile,
    endpoints: models.map((one) => ({
      // LibreChat knows an endpoint that is called Ollama, in whatever case, by its name in lower case; others by their own.
      name: endpointName(one) === patternName ? patternName.toLowerCase() : endpointName(one),
      models: one.own.models,
      label: one.name,
    })),
    environment,
    release,
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

/** LibreChat asks an endpoint whose name begins with Ollama for its models as Ollama lists them. */
function endpointName({ name, application }: ApplicationRelease<OllamaSettings>): string {
  return name === application.name ? patternName : `${patternName} ${name}`;
}

/** The file's endpoint for Ollama, once for each release of it: not at all where there is none. */
function withEndpoints(
  config: YamlMap,
  releases: readonly ApplicationRelease<OllamaSettings>[],
  environment: string,
): YamlMap {
  const endpoints = (config.endpoints as { custom?: unknown } | undefined)?.custom;
  const index = Array.isArray(endpoints)
    ? endpoints.findIndex((candidate: YamlMap) => candidate?.name === patternName)
    : -1;
  if (!Array.isArray(endpoints) || index < 0) {
    if (releases.length === 0) return config;
    throw new SettingsError(
      `${configFile}: endpoints.custom: no endpoint is named ${patternName}: without it LibreChat offers none of Ollama's models`,
    );
  }
  const endpoint = endpoints[index] as YamlMap & { models?: YamlMap };
  const fault = (key: string, text: string) => `${configFile}: endpoints.custom[${index}].${key}: ${text}`;
  if (
    endpoint.models !== undefined &&
    (typeof endpoint.models !== "object" || Array.isArray(endpoint.models))
  ) {
    throw new SettingsError(fault("models", "expected a mapping such as { fetch: true }"));
  }
  // LibreChat's schema does without, but LibreChat leaves out an endpoint that lacks it.
  if (!endpoint.apiKey) {
    throw new SettingsError(fault("apiKey", "missing: without it LibreChat offers none of Ollama's models"));
  }
  const where = `applications${releases[0] ? `.${releases[0].name}` : ""} in environments/${environment}.yaml`;
  const decided = decidedOfPattern.filter((key) => {
    const [name = "", below] = key.split(".");
    return (below === undefined ? endpoint[name] : endpoint.models?.[below]) !== undefined;
  });
  if (decided.length) {
    throw new SettingsError(
      decided.map((key) => fault(key, `is decided by ${where}: remove it here`)).join("\n"),
    );
  }
  const custom = endpoints.flatMap((candidate: unknown, i) =>
    i !== index
      ? [candidate]
      : releases.map((release) => ({
          ...endpoint,
          name: endpointName(release),
          baseURL: `${clusterUrl(release)}/v1`,
          models: { ...endpoint.models, default: [...release.own.models] },
          titleModel: release.own.models[0],
          ...(endpoint.modelDisplayLabel === patternName && { modelDisplayLabel: endpointName(release) }),
        })),
  );
  if (custom.length === 0 && Object.keys(config.endpoints as YamlMap).length === 1) {
    throw new SettingsError(
      `environments/${environment}.yaml: applications: LibreChat has no model to offer: add a release of ollama, or an endpoint to ${configFile}`,
    );
  }
  return { ...config, endpoints: { ...(config.endpoints as YamlMap), custom } };
}
