import type { configSchema as ConfigSchema } from "librechat-data-provider-0.8.502";
import { pinnedChart, type Charts } from "../../settings/chart-lock";
import { type JsonSchema, jsonSchemaOf, refuseDecided } from "../../settings/json-schema";
import { readYamlFile } from "../../settings/yaml-file";
import { decidedOfPattern, patternName } from "./config";
import { decidedConfigKeys } from "./decided-config";
import { librechatImage } from "./image";
import { librechatSchema } from "./schemas";

/**
 * JSON Schema for LibreChat's own configuration: what the LibreChat that is deployed takes, without what the platform decides.
 *
 * @param root the repository, absolute
 * @throws SettingsError when no schema is known for the tag of LibreChat's image
 */
export function librechatConfigSchema(root: string, charts: Charts): JsonSchema {
  const file = "values/librechat.yaml";
  const values = readYamlFile(root, file);
  const image = librechatImage(root, pinnedChart(charts, "librechat"), { values, files: [{ file, values }] });
  const { package: name } = librechatSchema(image.tag, image.tagSource);
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- which package it is, the image's tag says
  const { configSchema } = require(name) as { configSchema: typeof ConfigSchema };
  const schema = refuseDecided(jsonSchemaOf(configSchema.strict()), decidedConfigKeys("librechat", "NAME"));
  const { endpoints, modelSpecs } = schema.properties ?? {};
  const { custom } = endpoints?.properties ?? {};
  if (custom?.items) custom.items = endpoint(custom.items);
  // The platform puts a spec for each model before those of the file.
  if (modelSpecs) {
    delete modelSpecs.required;
    delete modelSpecs.properties?.list?.minItems;
  }
  return schema;
}

/** One of the endpoints, of which the one that stands for every Ollama is completed from the environment. */
function endpoint(item: JsonSchema): JsonSchema {
  const where = "applications in environments/NAME.yaml";
  const pattern = refuseDecided(item, Object.fromEntries(decidedOfPattern.map((key) => [key, where])));
  const { models } = pattern.properties ?? {};
  if (models) models.type = ["object", "null"];
  return {
    if: { properties: { name: { const: patternName } }, required: ["name"] },
    then: { ...pattern, required: ["name", "apiKey"] },
    else: item,
  };
}
