import type { ApplicationRelease } from "../application";
import type { LibrechatFeature } from "./features";
import type { LibrechatSettings } from "./settings";
import { shortModel } from "../ollama/model-name";
import type { Place } from "../../settings/check";
import { SettingsError, together } from "../../settings/settings-error";
import { mergeValues, refuseDecidedKeys } from "../../settings/values";
import { isMap, type YamlMap } from "../../settings/yaml-file";

/** An Ollama as LibreChat offers it. */
export interface OfferedEndpoint {
  readonly name: string;
  /** With their tags. */
  readonly models: readonly string[];
  /** What tells its models from those of the others. */
  readonly label: string;
}

export interface DecidedByPlatformProps {
  /** As the file has it, with the models of its endpoint. */
  readonly config: YamlMap;
  /** The endpoints that are Ollama, by LibreChat's name of them, with their models and the name of the release. */
  readonly endpoints: readonly OfferedEndpoint[];
  readonly release: Pick<ApplicationRelease<LibrechatSettings>, "name" | "own">;
}

/**
 * LibreChat's configuration with what an environment decides of it: which model somebody new talks to, what the page offers,
 * and how large an upload may be.
 *
 * Of itself LibreChat chooses "Agents" for somebody new, whose first message then fails, and offers what nothing here does.
 * What it offers it keeps in its database: only a switch that is there, on or off, changes it.
 *
 * @see https://www.librechat.ai/docs/configuration/librechat_yaml/object_structure/interface
 */
export function decidedByPlatform({ config, endpoints, release }: DecidedByPlatformProps): YamlMap {
  const { features, login, parameters, uploadLimitMebibytes } = release.own;
  const on = Object.entries(features) as [LibrechatFeature, boolean][];
  return mergeValues([
    // Where there are model specs, LibreChat shows neither unless it is told to.
    { interface: { parameters: true, presets: true } },
    config,
    {
      interface: Object.assign({}, ...on.map(([feature, value]) => switches[feature](value))) as YamlMap,
      ...(endpoints.length > 0 && { modelSpecs: modelSpecs(config.modelSpecs, endpoints, parameters) }),
      ...(login.emailDomains && { registration: { allowedDomains: login.emailDomains } }),
      fileConfig: {
        serverFileSizeLimit: uploadLimitMebibytes,
        // LibreChat looks for "custom" before anything else that is not the endpoint's name, and "default" last.
        endpoints: {
          custom: { fileSizeLimit: uploadLimitMebibytes },
          default: { fileSizeLimit: uploadLimitMebibytes },
        },
      },
    },
  ]);
}

/**
 * Refuses what LibreChat's configuration decides itself, and larger uploads than the ingress lets through.
 *
 * @param place what a message begins with
 * @param environment its name
 * @throws SettingsError with one line a key
 */
export function refuseDecidedConfig(
  config: YamlMap,
  place: Place,
  release: Pick<ApplicationRelease<LibrechatSettings>, "name" | "own">,
  environment: string,
): void {
  const { uploadLimitMebibytes } = release.own;
  together(
    () =>
      refuseDecidedKeys(
        { files: [{ file: "", values: config }] },
        decidedConfigKeys(release.name, environment),
        { place },
      ),
    () => refuseLargerUploads(config, place, uploadLimitMebibytes, uploadLimit(release.name, environment)),
  );
}

/** Keys that LibreChat's configuration may not set, since an environment decides them: path → where it is decided. */
export function decidedConfigKeys(release: string, environment: string): { [path: string]: string } {
  const limit = uploadLimit(release, environment);
  return {
    ...Object.fromEntries(
      Object.entries(switches).flatMap(([feature, set]) =>
        Object.keys(set(false)).map((key) => [
          `interface.${key}`,
          `applications.${release}.features.${feature} in environments/${environment}.yaml`,
        ]),
      ),
    ),
    "registration.allowedDomains": `applications.${release}.login.emailDomains in environments/${environment}.yaml`,
    "fileConfig.serverFileSizeLimit": limit,
    "fileConfig.endpoints.custom.fileSizeLimit": limit,
    "fileConfig.endpoints.default.fileSizeLimit": limit,
  };
}

function uploadLimit(release: string, environment: string): string {
  return `applications.${release}.uploadLimitMebibytes in environments/${environment}.yaml`;
}

/** What a feature is called in LibreChat's `interface`. Sharing with everybody stays off, as it is in LibreChat. */
const switches: { readonly [feature in LibrechatFeature]: (on: boolean) => YamlMap } = {
  webSearch: (on) => ({ webSearch: on }),
  fileSearch: (on) => ({ fileSearch: on, fileCitations: on }),
  runCode: (on) => ({ runCode: on }),
  agents: (on) => ({ agents: { use: on, create: on, share: false, public: false } }),
  skills: (on) => ({ skills: on }),
  marketplace: (on) => ({ marketplace: { use: on } }),
  mcpServers: (on) => ({ mcpServers: { use: on, create: on, share: false, public: false } }),
  memories: (on) => ({ memories: on }),
};

/**
 * A spec for each model. The first is what somebody new talks to, for it comes first; one that says `default: true` would take
 * every new chat back to itself, whatever its user chose before. A spec of the file under the same name takes a model's place,
 * others come after them.
 */
function modelSpecs(
  found: unknown,
  endpoints: readonly OfferedEndpoint[],
  { temperature, maxTokens }: LibrechatSettings["parameters"],
): unknown {
  // What is no mapping, or no list, is left to LibreChat's schema.
  if (found !== undefined && !isMap(found)) return found;
  const { list: own = [], ...rest } = found ?? {};
  if (!Array.isArray(own)) return found;
  const specs = endpoints.flatMap(({ name: endpoint, models, label }, index) =>
    models.map((model) => ({
      // A name of its own for a model that two releases have.
      name: index === 0 ? model : `${label}/${model}`,
      label: index === 0 ? shortModel(model) : `${shortModel(model)} (${label})`,
      // As addParams of the endpoint they would replace what users set, without a word.
      preset: { endpoint, model, temperature, ...(maxTokens && { max_tokens: maxTokens }) },
    })),
  );
  const named = (name: string): unknown => own.find((spec: YamlMap | null) => spec?.name === name);
  const others = own.filter((spec: YamlMap | null) => !specs.some(({ name }) => name === spec?.name));
  return {
    enforce: false,
    prioritize: true,
    addedEndpoints: endpoints.map(({ name }) => name),
    ...rest,
    list: [...specs.map((spec) => named(spec.name) ?? spec), ...others],
  };
}

function refuseLargerUploads(config: YamlMap, place: Place, limitMebibytes: number, limit: string): void {
  const { endpoints, avatarSizeLimit } = (config.fileConfig ?? {}) as {
    endpoints?: { [name: string]: { fileSizeLimit?: unknown } | null };
    avatarSizeLimit?: unknown;
  };
  const sizes: [key: string[], size: unknown][] = [
    [["avatarSizeLimit"], avatarSizeLimit],
    ...Object.entries(endpoints ?? {}).map(([name, one]): [string[], unknown] => [
      ["endpoints", name, "fileSizeLimit"],
      one?.fileSizeLimit,
    ]),
  ];
  const faults = sizes
    .filter(([, size]) => typeof size === "number" && size > limitMebibytes)
    .map(
      ([key, size]) =>
        `${place(["fileConfig", ...key])}: found ${String(size)}, which is more than ${limit} (${limitMebibytes}), and the ingress refuses what is larger: raise that, or lower this`,
    );
  if (faults.length) throw new SettingsError(faults.join("\n"));
}
