import type { configSchema as ConfigSchema } from "librechat-data-provider-0.8.502";
import { z } from "zod";
import { check, keysAt, type Place } from "../../settings/check";
import type { LibrechatSchema } from "./schemas";
import { nearest } from "../../settings/nearest";
import { SettingsError, together } from "../../settings/settings-error";
import { isMap, valueAt, type YamlMap } from "../../settings/yaml-file";

interface DataProvider {
  readonly configSchema: typeof ConfigSchema;
  /** A text with the values of the variables in it, which are those of this process. */
  readonly extractEnvVariable: (text: string) => string;
  /** Whether LibreChat leaves the name of a variable where it is. */
  readonly isSensitiveEnvVar: (name: string) => boolean;
}

/**
 * Holds LibreChat's own configuration against the schema of the LibreChat that is deployed.
 *
 * LibreChat's schema drops what it does not know, at any depth, without a word: here that is an error. It puts the pod's
 * variables in: which they are is not known here, so that each has an address, where one is wanted.
 *
 * @param place what a message begins with, by the path of what is wrong
 * @throws SettingsError with one line a fault
 */
export function checkLibrechatConfig(config: YamlMap, place: Place, schema: LibrechatSchema): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- which package it is, the image's tag says
  const provider = require(schema.package) as DataProvider;
  const { configSchema } = provider;
  const known = withAddresses(config, provider) as YamlMap;
  // eslint-disable-next-line no-restricted-properties -- LibreChat's schema takes the variables from there
  const { env } = process;
  Object.assign(env, addresses);
  try {
    together(
      () => refuseNoAddresses(config, known, provider, place),
      () =>
        check(
          z.preprocess(() => known, configSchema.strict()),
          config,
          place,
        ),
      () => {
        // What is not known at the top is a fault of the strict schema already, and in the way of the keys below.
        const parsed = configSchema.safeParse(known);
        if (parsed.success) refuseDropped(config, parsed.data, place, configSchema, schema);
      },
    );
  } finally {
    for (const name of Object.keys(addresses)) delete env[name];
  }
}

function refuseDropped(
  config: YamlMap,
  parsed: unknown,
  place: Place,
  configSchema: typeof ConfigSchema,
  { imageTag }: LibrechatSchema,
): void {
  const lines = droppedKeys(config, parsed)
    .filter((path) => path.length > 1)
    .map((path) => {
      const known = keysAt(configSchema, path.slice(0, -1), config);
      const meant = nearest(String(path.at(-1)), known);
      return `${place(path)}: LibreChat ${imageTag} ignores this key${meant ? `, did you mean ${meant}?` : ": remove it"}`;
    });
  if (lines.length) throw new SettingsError(lines.join("\n"));
}

/** Variables that stand for all those of the pod. */
const addresses = {
  LLM_PLATFORM_ADDRESS: "https://variable.example",
  LLM_PLATFORM_WEBSOCKET: "wss://variable.example",
};

function withAddresses(
  value: unknown,
  provider: DataProvider,
  variable: keyof typeof addresses = "LLM_PLATFORM_ADDRESS",
): unknown {
  if (typeof value === "string") {
    return value.replace(/\$\{([^}]+)\}/g, (all, name: string) =>
      provider.isSensitiveEnvVar(name) ? all : `\${${variable}}`,
    );
  }
  if (Array.isArray(value)) return value.map((item) => withAddresses(item, provider, variable));
  if (!isMap(value)) return value;
  const below = value.type === "websocket" ? "LLM_PLATFORM_WEBSOCKET" : variable;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withAddresses(inner, provider, below)]),
  );
}

/** LibreChat's schema throws where what an MCP server has for its address is none: another stands in its place for the rest. */
function refuseNoAddresses(
  { mcpServers: written }: YamlMap,
  { mcpServers: known }: YamlMap,
  { extractEnvVariable }: DataProvider,
  place: Place,
): void {
  const faults = Object.entries(isMap(known) ? known : {}).flatMap(([name, server]) =>
    ["url", "proxy"].flatMap((key) => {
      const value = isMap(server) ? server[key] : undefined;
      if (typeof value !== "string" || URL.canParse(extractEnvVariable(value))) return [];
      (server as YamlMap)[key] =
        (server as YamlMap).type === "websocket"
          ? addresses.LLM_PLATFORM_WEBSOCKET
          : addresses.LLM_PLATFORM_ADDRESS;
      return [
        `${place(["mcpServers", name, key])}: found ${JSON.stringify(valueAt(written, [name, key]))}, expected an address such as https://mcp.example.com/sse`,
      ];
    }),
  );
  if (faults.length) throw new SettingsError(faults.join("\n"));
}

/** Paths that the input has and the parsed output has not. */
function droppedKeys(input: unknown, output: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (Array.isArray(input)) {
    return input.flatMap((item, i) =>
      droppedKeys(item, (output as unknown[] | undefined)?.[i], [...path, i]),
    );
  }
  if (typeof input !== "object" || input === null) return [];
  return Object.entries(input).flatMap(([key, value]) => {
    // A schema that turned a mapping into something else has read it.
    if (typeof output !== "object" || output === null) return [];
    if (!(key in output)) return [[...path, key]];
    return droppedKeys(value, (output as YamlMap)[key], [...path, key]);
  });
}
