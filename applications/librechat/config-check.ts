import type { configSchema as ConfigSchema } from "librechat-data-provider-0.8.502";
import { check, keyOf, keysAt } from "../../settings/check";
import type { LibrechatSchema } from "./schemas";
import { nearest } from "../../settings/nearest";
import { SettingsError } from "../../settings/settings-error";
import type { YamlMap } from "../../settings/yaml-file";

/**
 * Holds LibreChat's own configuration against the schema of the LibreChat that is deployed.
 *
 * LibreChat's schema drops what it does not know, at any depth, without a word: here that is an error.
 *
 * @param file what the messages name
 * @throws SettingsError with one line a fault
 */
export function checkLibrechatConfig(config: YamlMap, file: string, schema: LibrechatSchema): void {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- which package it is, the image's tag says
  const { configSchema } = require(schema.package) as { configSchema: typeof ConfigSchema };
  const parsed = parse(() => check(configSchema.strict(), config, file), file);
  const dropped = droppedKeys(config, parsed);
  if (dropped.length === 0) return;
  const lines = dropped.map((path) => {
    const known = keysAt(configSchema, path.slice(0, -1), config);
    const meant = nearest(String(path.at(-1)), known);
    return `${file}: ${keyOf(path)}: LibreChat ${schema.imageTag} ignores this key${meant ? `, did you mean ${meant}?` : ": remove it"}`;
  });
  throw new SettingsError(lines.join("\n"));
}

/** LibreChat's schema throws where what an MCP server has for its address is none. */
function parse<Result>(check: () => Result, file: string): Result {
  try {
    return check();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_INVALID_URL") throw error;
    throw new SettingsError(
      `${file}: mcpServers: a url is not an address, expected one such as https://mcp.example.com/sse`,
    );
  }
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
