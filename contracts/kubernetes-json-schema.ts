import type { JsonSchema } from "../settings/json-schema";
import { type KubernetesSchema, quantityPattern } from "./kubernetes-schema";

/** Where the schemas of Kubernetes' own types are, beside the schema of the values. */
export const kubernetesDefinitions = "kubernetes.json";

/** Kubernetes' own types, for the schemas of values to refer to. */
export function kubernetesTypesSchema({ version, types }: KubernetesSchema): JsonSchema {
  const definitions = Object.entries(types).map(([name, fields]): [string, JsonSchema] => [
    name,
    {
      title: `${name} of Kubernetes ${version}`,
      type: ["object", "null"],
      properties: Object.fromEntries(
        Object.entries(fields).map(([field, type]) => [field, kubernetesType(types, type, "")]),
      ),
      additionalProperties: false,
    },
  ]);
  return { definitions: Object.fromEntries(definitions) };
}

/**
 * The type of one place in an object; null leaves a default of the chart out, everywhere.
 *
 * @param file that has the definitions, empty for the same
 */
export function kubernetesType(types: KubernetesSchema["types"], type: string, file: string): JsonSchema {
  if (type.startsWith("[]")) {
    return { type: ["array", "null"], items: kubernetesType(types, type.slice(2), file) };
  }
  if (type.startsWith("{}")) {
    return { type: ["object", "null"], additionalProperties: kubernetesType(types, type.slice(2), file) };
  }
  if (type in types) return { $ref: `${file}#/definitions/${type}` };
  return orNull(scalarType(type));
}

/** A type that is neither a list nor a map. */
export function scalarType(type: string): JsonSchema {
  if (type.startsWith("=")) return { enum: type.slice(1).split("|") };
  switch (type) {
    case "string":
    case "boolean":
    case "number":
    case "integer":
      return { type };
    case "int-or-string":
      return { type: ["integer", "string"] };
    case "quantity":
      return {
        type: ["number", "string"],
        pattern: quantityPattern.source,
        patternErrorMessage: "expected a quantity such as 500m, 2 or 4Gi",
      };
    default:
      return {};
  }
}

/** With null, by which Helm is told to leave out the chart's default. */
export function orNull(schema: JsonSchema): JsonSchema {
  if (schema.enum) return { ...schema, enum: [...schema.enum, null] };
  if (schema.type) return { ...schema, type: [schema.type, "null"].flat() };
  return schema;
}

/** Whether a type is a list, a map or an object, of which a chart may write keys of its own into the same place. */
export function isPiece(type: string): boolean {
  return /^[[{]|\./.test(type);
}
