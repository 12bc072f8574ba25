import * as yaml from "js-yaml";

/** Types of js-yaml that its type declarations leave out. */
const { types } = yaml as unknown as {
  types: { readonly [name in "null" | "merge" | "timestamp"]: yaml.Type };
};

/** YAML knows `yes`, `Yes` and `YES`, but not `yEs`. */
const boolean = /^([yYnN]|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const integer = /^([-+]?)(0x[\da-f]+|0b[01]+|0o?[0-7]+|0|[1-9]\d*)$/i;
const fraction = /^[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$/i;
const noNumber = /^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$/;

function scalar(tag: string, options: Omit<yaml.TypeConstructorOptions, "kind">): yaml.Type {
  return new yaml.Type(`tag:yaml.org,2002:${tag}`, { kind: "scalar", ...options });
}

/** What a word stands for that is a number: `0400` is octal, `1_000` a thousand. */
function numberOf(text: string): number | undefined {
  // Only what begins with a digit or a sign may hold underscores.
  const plain = /^[-+\d]/.test(text) ? text.replaceAll("_", "") : text;
  const [, sign, digits = ""] = integer.exec(plain) ?? [];
  const sized = digits ? Number(digits.replace(/^0(?=[0-7])/, "0o")) : NaN;
  const number = digits ? (sign === "-" ? -sized : sized) : fraction.test(plain) ? Number(plain) : NaN;
  // There is no -0.
  return Number.isFinite(number) ? number || 0 : undefined;
}

function number(tag: string): yaml.Type {
  return scalar(tag, {
    resolve: (text: string | null) => text !== null && numberOf(text) !== undefined,
    construct: (text: string) => numberOf(text),
    predicate: (value) => typeof value === "number",
    represent: (value) => String(value),
  });
}

/**
 * YAML as Helm and kubectl read it, which is YAML 1.1 with some of 1.2: `0644` is octal and `on` is true; dates and numbers to
 * the base of 60 are text.
 *
 * @see https://github.com/kubernetes-sigs/yaml/blob/v1.6.0/goyaml.v2/resolve.go
 */
export const helmYaml = yaml.FAILSAFE_SCHEMA.extend({
  implicit: [
    types.null,
    scalar("bool", {
      resolve: (text: string | null) => text !== null && boolean.test(text),
      construct: (text: string) => /^(t|y|on)/i.test(text),
      predicate: (value) => typeof value === "boolean",
      represent: (value) => String(value),
    }),
    number("int"),
    number("float"),
    scalar("float.none", {
      resolve: (text: string | null) => text !== null && noNumber.test(text),
      construct: () => {
        throw new yaml.YAMLException("neither Helm nor Kubernetes takes .inf or .nan");
      },
    }),
    types.merge,
  ],
  explicit: [
    scalar("timestamp", { construct: (text: string) => text }),
    scalar("binary", { construct: (text: string) => Buffer.from(text, "base64").toString() }),
  ],
});

/** What is written is read alike by Helm and by those to whom a date is none of the texts. */
export const portableYaml = helmYaml.extend({ implicit: [types.timestamp] });
