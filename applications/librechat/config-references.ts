import { nearest } from "../../settings/nearest";
import { SettingsError } from "../../settings/settings-error";
import type { KeyPath, Place } from "../../settings/check";
import { isMap, valueAt, type YamlMap } from "../../settings/yaml-file";
import { shortModel } from "../ollama/model-name";

/** A model or an endpoint that the configuration names. */
interface Reference {
  readonly path: KeyPath;
  readonly name: string;
}

/** What a LibreChat offers: its endpoints, by LibreChat's name of them, with their models where they are known. */
export type Offered = ReadonlyMap<string, readonly string[] | undefined>;

/** Endpoints that LibreChat has by itself, and offers where its configuration names them. */
const ownEndpoints = [
  "openAI",
  "azureOpenAI",
  "google",
  "anthropic",
  "assistants",
  "azureAssistants",
  "bedrock",
];

/**
 * What LibreChat offers by its configuration.
 *
 * @param config completed
 * @param deployed the models of those endpoints that are Ollama, by LibreChat's name of them
 * @param builtIn LibreChat's own endpoints that it offers beside those of the configuration
 */
export function offeredBy(
  { endpoints }: YamlMap,
  deployed: { readonly [endpoint: string]: readonly string[] },
  builtIn: readonly string[],
): Offered {
  const custom = isMap(endpoints) && Array.isArray(endpoints.custom) ? endpoints.custom.filter(isMap) : [];
  return new Map<string, readonly string[] | undefined>([
    ...builtIn.map((name) => [name, undefined] as const),
    ...custom.map(({ name, models }) => {
      const known =
        isMap(models) && models.fetch !== true && Array.isArray(models.default) ? models.default : undefined;
      const called = endpointCalled(String(name));
      return [
        called,
        deployed[called] ?? known?.map((model: unknown) => String(isMap(model) ? model.name : model)),
      ] as const;
    }),
  ]);
}

/** LibreChat knows an endpoint that is called Ollama, in whatever case, by its name in lower case; others by their own. */
export function endpointCalled(name: string): string {
  return name.toLowerCase() === "ollama" ? "ollama" : name;
}

/**
 * Refuses what names an endpoint or a model that is not there, and two endpoints of one name: LibreChat leaves out such a spec, or asks another model, without a word.
 *
 * @param config completed
 * @param place what a message begins with
 * @param more where a model of an endpoint is added, for messages
 * @throws SettingsError with one line a name
 */
export function refuseMissing(
  config: YamlMap,
  offered: Offered,
  place: Place,
  more: (endpoint: string) => string,
): void {
  const faults = [...named(config)].flatMap(({ endpoint, model, of }) => {
    const called = endpoint && endpointCalled(endpoint.name);
    if (endpoint && called !== undefined && !offered.has(called)) {
      const names = [...offered.keys()];
      const meant = nearest(endpoint.name, names);
      return [
        `${place(endpoint.path)}: found ${JSON.stringify(endpoint.name)}, which is no endpoint that is offered${meant ? `, did you mean ${meant}?` : ""} (there are: ${names.join(", ")}${ownEndpoints.includes(endpoint.name) ? `; LibreChat's own ${endpoint.name} is there once endpoints names it` : ""})`,
      ];
    }
    const among = called ?? of;
    const models = among === undefined ? everyModel(offered) : offered.get(among);
    if (!model || !models || models.includes(model.name) || model.name === "current_model") return [];
    const meant = models.find((one) => shortModel(one) === model.name) ?? nearest(model.name, models);
    return [
      `${place(model.path)}: found ${JSON.stringify(model.name)}, which is no model ${among === undefined ? "that is deployed" : `of ${among}`}${meant ? `, did you mean ${meant}?` : ""} (there are: ${models.join(", ")}${called !== undefined || of !== undefined ? more(called ?? of ?? "") : ""})`,
    ];
  });
  const twice = namedTwice(config).map(
    ([i, name]) =>
      `${place(["endpoints", "custom", i, "name"])}: found ${JSON.stringify(name)}, which another endpoint is called as well: LibreChat offers one of them alone; give each a name of its own`,
  );
  if (faults.length || twice.length) throw new SettingsError([...twice, ...faults].join("\n"));
}

/** The endpoints that are called as one before them: position and name. */
function namedTwice({ endpoints }: YamlMap): (readonly [number, string])[] {
  const custom: readonly unknown[] =
    isMap(endpoints) && Array.isArray(endpoints.custom) ? endpoints.custom : [];
  const names = custom.map((one) => (isMap(one) ? endpointCalled(String(one.name)) : ""));
  return names.flatMap((name, i) => (name !== "" && names.indexOf(name) < i ? [[i, name] as const] : []));
}

/** Of all endpoints; undefined where those of one are not known. */
function everyModel(offered: Offered): readonly string[] | undefined {
  const all = [...offered.values()];
  return all.includes(undefined) ? undefined : all.flatMap((models) => models ?? []);
}

/** An endpoint and a model that are named together. */
interface Named {
  readonly endpoint?: Reference;
  readonly model?: Reference;
  /** The endpoint that the model is of where none is named. @default - it may be any */
  readonly of?: string;
}

function* named(config: YamlMap): Generator<Named> {
  const at = (...path: KeyPath): Reference | undefined => {
    const name = valueAt(config, path);
    return typeof name === "string" && !name.includes("${") ? { path, name } : undefined;
  };
  const listAt = (...path: KeyPath): readonly unknown[] => {
    const list = valueAt(config, path);
    return Array.isArray(list) ? list : [];
  };
  const specs: KeyPath = ["modelSpecs", "list"];
  for (const i of listAt(...specs).keys()) {
    yield { endpoint: at(...specs, i, "preset", "endpoint"), model: at(...specs, i, "preset", "model") };
  }
  for (const i of listAt("modelSpecs", "addedEndpoints").keys()) {
    yield { endpoint: at("modelSpecs", "addedEndpoints", i) };
  }
  for (const part of [["memory", "agent"], ["summarization"]]) {
    yield { endpoint: at(...part, "provider"), model: at(...part, "model") };
  }
  const title = (path: KeyPath, of: string | undefined): Named => ({
    endpoint: at(...path, "titleEndpoint"),
    model: at(...path, "titleModel"),
    of,
  });
  for (const [i, one] of listAt("endpoints", "custom").entries()) {
    yield title(["endpoints", "custom", i], isMap(one) ? endpointCalled(String(one.name)) : undefined);
  }
  const { endpoints } = config;
  for (const name of Object.keys(isMap(endpoints) ? endpoints : {})) {
    if (name !== "custom") yield title(["endpoints", name], name === "all" ? undefined : name);
  }
}
