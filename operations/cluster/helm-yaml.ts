import * as yaml from "js-yaml";
import { OperationError } from "../errors/operation-error";

/** Types of js-yaml that its type declarations leave out. */
const { types } = yaml as unknown as {
  types: { readonly [name in "null" | "int" | "float" | "merge"]: yaml.Type };
};

/** YAML knows `yes`, `Yes` and `YES`, but not `yEs`. */
const boolean = /^([yYnN]|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const octal = /^[-+]?0[0-7]+$/;

/** YAML 1.1 as Helm reads it: `0644` is octal and `on` is true; dates and numbers to the base of 60 are text. */
const schema = yaml.FAILSAFE_SCHEMA.extend({
  implicit: [
    types.null,
    new yaml.Type("tag:yaml.org,2002:bool", {
      kind: "scalar",
      resolve: (text: string | null) => text !== null && boolean.test(text),
      construct: (text: string) => /^(t|y|on)/i.test(text),
    }),
    new yaml.Type("tag:yaml.org,2002:int", {
      kind: "scalar",
      resolve: (text: string | null) => text !== null && (octal.test(text) || types.int.resolve(text)),
      construct: (text: string) =>
        octal.test(text) ? parseInt(text, 8) : (types.int.construct(text) as number),
    }),
    types.float,
    types.merge,
  ],
});

/**
 * The documents of a manifest that Helm rendered.
 *
 * @throws OperationError without a word of what the manifest holds, which may be secret
 */
export function helmYaml(manifest: string): unknown[] {
  try {
    return yaml.loadAll(manifest, undefined, { schema });
  } catch (error) {
    if (!(error instanceof yaml.YAMLException)) throw error;
    throw new OperationError(
      `a rendered manifest is not YAML in line ${(error.mark?.line ?? 0) + 1}: look at it with helm template`,
    );
  }
}
