import type { configSchema as ConfigSchema } from "librechat-data-provider-0.8.502";
import { z } from "zod";
import { check, keyOf, keysAt } from "../../settings/check";
import type { LibrechatSchema } from "./schemas";
import { nearest } from "../../settings/nearest";
import { SettingsError } from "../../settings/settings-error";
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
 * @param file what the messages name
 * @throws SettingsError with one line a fault
 */
export function checkLibrechatConfig(config: YamlMap, file: string, schema: LibrechatSchema): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- which package it is, the image's tag says
  const provider = require(schema.package) as DataProvider;
  const { configSchema } = provider;
  const known = withAddresses(config, provider) as YamlMap;
  // eslint-disable-next-line no-restricted-properties -- LibreChat's schema takes the variables from there
  const { env } = process;
  Object.assign(env, addresses);
  let parsed: unknown;
  try {
    parsed = check(
      z.preprocess(() => known, configSchema.strict()),
      config,
      file,
    );
  } catch (error) {
    // LibreChat's schema throws where what an MCP server has for its address is none.
    if ((error as NodeJS.ErrnoException).code !== "ERR_INVALID_URL") throw error;
    throw new SettingsError(
      noAddresses(config, known, provider)
        .map((fault) => `${file}: ${fault}`)
        .join("\n"),
    );
  } finally {
    for (const name of Object.keys(addresses)) delete env[name];
  }
  const dropped = droppedKeys(config, parsed);
  if (dropped.length === 0) return;
  const lines = dropped.map((path) => {
    const known = keysAt(configSchema, path.slice(0, -1), config);
    const meant = nearest(String(path.at(-1)), known);
    return `${file}: ${keyOf(path)}: LibreChat ${schema.imageTag} ignores this key${meant ? `, did you mean ${meant}?` : ": remove it"}`;
  });
  throw new SettingsError(lines.join("\n"));
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

function noAddresses(config: YamlMap, known: YamlMap, { extractEnvVariable }: DataProvider): string[] {
  return Object.keys(config.mcpServers as YamlMap).flatMap((name) =>
    ["url", "proxy"].flatMap((key) => {
      const path = ["mcpServers", name, key];
      const value = valueAt(known, path);
      if (typeof value !== "string" || URL.canParse(extractEnvVariable(value))) return [];
      return [
        `${keyOf(path)}: found ${JSON.stringify(valueAt(config, path))}, expected an address such as https://mcp.example.com/sse`,
      ];
    }),
  );
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
