import { DEFAULT_SCHEMA } from "js-yaml";
import * as path from "node:path";
import { valueSource } from "../../contracts/value-source";
import { pinnedChart } from "../../settings/chart-lock";
import { keyOf, type KeyPath, type Place } from "../../settings/check";
import { knownToPass } from "../../settings/known-to-pass";
import { nearest } from "../../settings/nearest";
import { SettingsError, together } from "../../settings/settings-error";
import type { ApplicationValues } from "../../settings/values";
import { isMap, readYamlFile, valueAt, type YamlMap } from "../../settings/yaml-file";
import type { ApplicationRelease, ValuesContext } from "../application";
import { credentialAdvice } from "../credential-advice";
import { ollamaReleases } from "../ollama";
import type { OllamaSettings } from "../ollama/settings";
import { clusterUrl } from "../release-url";
import { configPlace } from "./config-place";
import { endpointCalled, offeredBy, refuseMissing } from "./config-references";
import { refuseSecrets } from "./config-secrets";
import { decidedByPlatform, refuseDecidedConfig } from "./decided-config";
import { librechatImage } from "./image";
import { hasSidecar, ownAddresses } from "./own-address";
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
  const isAlone = !hasSidecar(files.values);
  const [config] = together(
    () =>
      loadLibrechatConfig({
        root,
        environment: environment.name,
        release,
        models,
        schema,
        isAlone,
        endpoints: valueAt(files.values, ["librechat", "configEnv", "ENDPOINTS"]),
        ...(!environment.exemptions["secret-values"] && {
          secretAdvice: (variable: string) =>
            credentialAdvice(environment, release as unknown as ApplicationRelease, [], variable) ?? "",
        }),
      }),
    () => {
      if (isAlone) refuseOwnAddresses(root, files);
    },
  );
  return { config, image: image.reference };
}

/** Addresses in the environment of its container, of what LibreChat itself goes to. */
function refuseOwnAddresses(root: string, { values, files }: ApplicationValues): void {
  const variables = ["librechat", "configEnv"];
  const isServers = (path: KeyPath): boolean =>
    /^(MONGO_URI|MEILI_HOST|REDIS_URI|RAG_API_URL|PROXY|.*_(BASE_?URL|REVERSE_PROXY|API_URL))$/.test(
      String(path.at(-1)),
    );
  const faults = ownAddresses(valueAt(values, variables), isServers).map(({ path, text }) => {
    const at = [...variables, ...path];
    return `${valueSource(root, files, at)}: ${keyOf(at)}: ${text}`;
  });
  if (faults.length) throw new SettingsError(faults.join("\n"));
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
  /** How a variable becomes a credential of the release. @default - credentials in the file are not looked for */
  readonly secretAdvice?: (variable: string) => string;
  /** Whether nothing else runs in its pod. @default true */
  readonly isAlone?: boolean;
  /** The endpoints that it offers, as its variable ENDPOINTS has them. @default - those of the configuration */
  readonly endpoints?: unknown;
}

/**
 * Reads LibreChat's own configuration, completes it with what the environment decides, and checks the result: with the schema
 * of the LibreChat that is deployed, and with what is deployed beside it.
 *
 * @throws SettingsError with all that is wrong, and the line of each
 * @see https://www.librechat.ai/docs/configuration/librechat_yaml
 */
export function loadLibrechatConfig(props: LibrechatConfigProps): YamlMap {
  const { root, environment, release, models, schema, secretAdvice, isAlone = true } = props;
  // LibreChat itself reads it so.
  const file = readYamlFile(root, configFile, DEFAULT_SCHEMA);
  const place = (completed: YamlMap): Place => configPlace(root, configFile, file, completed, patternName);
  const inFile = place(file);
  const endpoints = models.map((one) => ({
    name: endpointCalled(endpointName(one)),
    models: one.own.models,
    label: one.name,
  }));
  const found = withEndpoints(file, models);
  const config = found && decidedByPlatform({ config: found, endpoints, release });
  together(
    () => refuseFaultyPattern(file, models, environment, inFile),
    () => refuseDecidedConfig(file, inFile, release, environment),
    () => secretAdvice && refuseSecrets(file, inFile, secretAdvice),
    () => {
      if (isAlone) refuseAddresses(file, inFile);
    },
    () => {
      // One without the endpoint for Ollama may have other faults.
      const data =
        config ?? (patternIndex(file) < 0 ? (withEndpoints(asMeant(file), models) ?? file) : undefined);
      if (!data) return;
      knownToPass({ data, package: schema.package, checker: path.join(__dirname, "config-check.ts") }, () => {
        // Loading the schema, and the HTTP client that comes with it, takes a quarter of a synth.
        // eslint-disable-next-line @typescript-eslint/no-require-imports
        const { checkLibrechatConfig } = require("./config-check") as typeof import("./config-check");
        checkLibrechatConfig(data, place(data), schema);
      });
    },
    () => {
      if (!config) return;
      const deployed = Object.fromEntries(endpoints.map((one) => [one.name, one.models]));
      const builtIn = (
        typeof props.endpoints === "string"
          ? props.endpoints
          : offeredEndpoints(config, release.own.features.agents)
      ).split(",");
      refuseMissing(
        config,
        offeredBy(
          config,
          deployed,
          builtIn.filter((name) => name !== "custom" && name !== ""),
        ),
        place(config),
        (name) => {
          const deployedBy = endpoints.find((one) => one.name === name)?.label;
          return deployedBy === undefined
            ? ""
            : `; others go to applications.${deployedBy}.models in environments/${environment}.yaml`;
        },
      );
    },
  );
  return config ?? file;
}

/** Addresses of what LibreChat's server goes to, and not a browser. */
function refuseAddresses(config: YamlMap, place: Place): void {
  const isServers = (at: KeyPath): boolean =>
    at[0] !== "interface" && /(url|uri|host|proxy)$/i.test(String(at.at(-1))) && !isDecided(config, at);
  const faults = ownAddresses(config, isServers).map((one) => `${place(one.path)}: ${one.text}`);
  if (faults.length) throw new SettingsError(faults.join("\n"));
}

function isDecided(config: YamlMap, [first, list, index, key]: KeyPath): boolean {
  if (first !== "endpoints" || list !== "custom" || index === undefined) return false;
  return valueAt(config, [first, list, index, "name"]) === patternName && key === "baseURL";
}

/**
 * LibreChat's own name for the endpoints that its configuration names. All others it would offer too, where a user enters a key,
 * and agents before anything else.
 *
 * @see https://www.librechat.ai/docs/configuration/dotenv#endpoints
 */
export function offeredEndpoints({ endpoints }: YamlMap, agents: boolean): string {
  // `all` is what all have in common, and `agents` limits agents whether they are offered or not.
  const named = Object.keys(endpoints ?? {}).filter((name) => name !== "all" && name !== "agents");
  return [...named, ...(agents ? ["agents"] : [])].join(",");
}

/** LibreChat asks an endpoint whose name begins with Ollama for its models as Ollama lists them. */
function endpointName({ name, application }: ApplicationRelease<OllamaSettings>): string {
  return name === application.name ? patternName : `${patternName} ${name}`;
}

/** Where the file has the endpoint for Ollama; -1 where it has none. */
function patternIndex({ endpoints }: YamlMap): number {
  const custom = isMap(endpoints) ? endpoints.custom : undefined;
  return Array.isArray(custom) ? custom.findIndex((one) => isMap(one) && one.name === patternName) : -1;
}

/** What is wrong with the file's endpoint for Ollama. */
function refuseFaultyPattern(
  config: YamlMap,
  releases: readonly ApplicationRelease<OllamaSettings>[],
  environment: string,
  place: Place,
): void {
  const index = patternIndex(config);
  if (index < 0) {
    if (releases.length === 0) return;
    const meant = misspeltPattern(config);
    throw new SettingsError(
      `${place(["endpoints", "custom"])}: no endpoint is named ${patternName}${meant ? ` (found: ${meant})` : ""}: without it LibreChat offers none of Ollama's models`,
    );
  }
  const at = (...key: string[]): string => place(["endpoints", "custom", index, ...key]);
  const endpoint = valueAt(config, ["endpoints", "custom", index]) as YamlMap;
  if (endpoint.models !== undefined && endpoint.models !== null && !isMap(endpoint.models)) {
    throw new SettingsError(`${at("models")}: expected a mapping such as { fetch: true }`);
  }
  const where = `applications${releases[0] ? `.${releases[0].name}` : ""} in environments/${environment}.yaml`;
  const faults = [
    // LibreChat's schema does without, but LibreChat leaves out an endpoint that lacks it.
    ...(endpoint.apiKey
      ? []
      : [`${at("apiKey")}: missing: without it LibreChat offers none of Ollama's models`]),
    ...decidedOfPattern
      .map((key) => key.split("."))
      .filter((key) => valueAt(endpoint, key) !== undefined)
      .map((key) => `${at(...key)}: is decided by ${where}: remove it here`),
    ...(releases.length === 0 && endpointsBeside(config) === 0
      ? [
          `environments/${environment}.yaml: applications: LibreChat has no model to offer: add a release of ollama, or an endpoint to ${configFile}`,
        ]
      : []),
  ];
  if (faults.length) throw new SettingsError(faults.join("\n"));
}

/** What the endpoint for Ollama is called where it is misspelt. */
function misspeltPattern(config: YamlMap): string | undefined {
  const custom = valueAt(config, ["endpoints", "custom"]);
  return Array.isArray(custom)
    ? nearest(
        patternName,
        custom.map((one) => String(valueAt(one, ["name"]))),
      )
    : undefined;
}

/** The same with the endpoint for Ollama called as it must be. */
function asMeant(config: YamlMap): YamlMap {
  const meant = misspeltPattern(config);
  if (meant === undefined) return config;
  const endpoints = config.endpoints as YamlMap & { custom: unknown[] };
  const custom = endpoints.custom.map((one) =>
    isMap(one) && one.name === meant ? { ...one, name: patternName } : one,
  );
  return { ...config, endpoints: { ...endpoints, custom } };
}

function endpointsBeside({ endpoints }: YamlMap): number {
  const { custom, ...others } = endpoints as YamlMap & { custom: unknown[] };
  return custom.length - 1 + Object.keys(others).length;
}

/** The file's endpoint for Ollama, once for each release of it; undefined where it cannot be, since it is not as it must be. */
function withEndpoints(
  config: YamlMap,
  releases: readonly ApplicationRelease<OllamaSettings>[],
): YamlMap | undefined {
  const index = patternIndex(config);
  if (index < 0) return releases.length === 0 ? config : undefined;
  const endpoints = config.endpoints as YamlMap & { custom: unknown[] };
  const endpoint = endpoints.custom[index] as YamlMap;
  const { models } = endpoint;
  if (models !== undefined && models !== null && !isMap(models)) return undefined;
  const custom = endpoints.custom.flatMap((candidate: unknown, i) =>
    i !== index
      ? [candidate]
      : releases.map((release) => ({
          ...endpoint,
          name: endpointName(release),
          baseURL: `${clusterUrl(release)}/v1`,
          models: { ...models, default: [...release.own.models] },
          titleModel: release.own.models[0],
          ...(endpoint.modelDisplayLabel === patternName && { modelDisplayLabel: endpointName(release) }),
        })),
  );
  return { ...config, endpoints: { ...endpoints, custom } };
}
