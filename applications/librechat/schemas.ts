import { SettingsError } from "../../settings/settings-error";

/** The schema of one LibreChat's configuration. */
export interface LibrechatSchema {
  /** Tag of LibreChat's image. */
  readonly imageTag: string;
  /** Name under which package.json has the package with the schema. */
  readonly package: string;
}

/**
 * By the tag of LibreChat's image: the `librechat-data-provider` that holds the schema of its configuration. A newer one knows
 * keys at which an older LibreChat ends itself.
 *
 * Not every version is published: v0.8.7 itself carries 0.8.509, whose keys are all of 0.8.502's and some more.
 */
const schemas: { readonly [imageTag: string]: string } = {
  "v0.8.7": "librechat-data-provider-0.8.502",
  "v0.8.8-rc1": "librechat-data-provider-0.8.521",
};

/**
 * The schema for a LibreChat.
 *
 * @param source where the tag stands, such as `values/librechat.yaml:6: image.tag`
 * @throws SettingsError where none is known for the tag, with what adds it
 */
export function librechatSchema(imageTag: string, source: string): LibrechatSchema {
  const found = schemas[imageTag];
  if (found !== undefined) return { imageTag, package: found };
  throw new SettingsError(`${source}: ${unknownSchema(imageTag)}`);
}

/** Why a LibreChat's configuration cannot be checked, and what adds its schema; `undefined` where it is known. */
export function missingSchema(imageTag: string): string | undefined {
  return schemas[imageTag] === undefined ? unknownSchema(imageTag) : undefined;
}

function unknownSchema(imageTag: string): string {
  return (
    `no schema is known for the configuration of LibreChat ${imageTag} (known: ${Object.keys(schemas).join(", ")}): ` +
    `packages/data-provider/package.json of LibreChat's source at ${imageTag} says which VERSION it is; take that one, or the newest published before it: ` +
    "npm install --save-exact librechat-data-provider-VERSION@npm:librechat-data-provider@VERSION, and add the tag to applications/librechat/schemas.ts"
  );
}
