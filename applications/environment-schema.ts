import { environmentSchema } from "../settings/environment";
import { type JsonSchema, jsonSchemaOf } from "../settings/json-schema";
import type { Application } from "./application";
import { applications } from "./registry";

/** JSON Schema for an environment, with what each application lets it say of a release. */
export function environmentJsonSchema(): JsonSchema {
  const { properties, ...schema } = jsonSchemaOf(environmentSchema);
  const names = applications.map(({ name }) => name);
  return {
    ...schema,
    properties: {
      ...properties,
      applications: {
        ...properties?.applications,
        minProperties: 1,
        properties: Object.fromEntries(applications.map((one) => [one.name, ofItsName(one)])),
        additionalProperties: reference(named),
      },
    },
    definitions: {
      [named]: {
        title: "A release of the application that it names",
        type: "object",
        properties: { application: { enum: names } },
        required: ["application"],
        allOf: names.map((name) => ({
          if: { properties: { application: { const: name } }, required: ["application"] },
          then: reference(name),
        })),
      },
      ...Object.fromEntries(applications.map((one) => [one.name, releaseOf(one, names)])),
    },
  };
}

/** Name of the definition. No application is called so: it is no name of a release. */
const named = "NAMED";

/** A release is of the application of its name, unless it says of which. */
function ofItsName({ name, title }: Application): JsonSchema {
  return {
    title,
    if: { type: "object", required: ["application"] },
    then: reference(named),
    else: reference(name),
  };
}

/** What an environment may say of a release of one application. */
function releaseOf({ title, settings }: Application, names: readonly string[]): JsonSchema {
  const schema = jsonSchemaOf(settings);
  const { application, ...own } = schema.properties ?? {};
  return {
    title: `A release of ${title}`,
    ...schema,
    // One of which nothing is said has all its defaults.
    ...(settings.safeParse({}).success && { type: ["object", "null"] }),
    properties: { application: { ...application, enum: [...names] }, ...own },
  };
}

function reference(name: string): JsonSchema {
  return { $ref: `#/definitions/${name}` };
}
