import { isMap } from "../settings/yaml-file";
import { usedDefaults } from "./chart-defaults";
import { credentialIn, isCredentialKey } from "../settings/credential-value";
import { type DeclaredObject, declaredObjects } from "./kubernetes-objects";
import type { Fault, Rule, SynthesizedRelease, SynthesizedStack } from "./rule";
import { type Entry, faultsIn } from "./walk";

const advice = "keep it in a Secret that the release names (npm run secrets)";
const ephemeral =
  "pass ephemeral variables to data_wo, as constructs/credentials-secret.ts does: they are in neither state nor plan";

/** A credential where people and programs can read it: in the synthesized output, the plan, the state or a ConfigMap. */
export const secretValues: Rule = {
  name: "secret-values",
  faults: (stack) => [
    ...stack.releases.flatMap((release) => [
      ...faultsIn(release.values, release.place, (entry) => credential(entry, stack, release)),
      ...publishedDefaults(release),
      ...inAttributes(release),
    ]),
    ...declaredObjects(stack).flatMap((object) => {
      if (/^Secret(V1Data)?$/.test(object.kind)) return inSecret(object);
      return object.kind === "ConfigMap"
        ? faultsIn(object.attributes, object.place, (entry) => credential(entry, stack))
        : [];
    }),
    ...Object.entries(stack.variables)
      .filter(
        ([, { sensitive, default: value }]) => sensitive === true && value !== undefined && value !== null,
      )
      .map(([name]) => ({
        place: `variable ${name}`,
        text: `is sensitive and has a default, which is in every synthesized file: remove the default, and set TF_VAR_${name}`,
      })),
  ],
};

function credential(
  { path, key, value, siblings }: Entry,
  { credentialAdvice }: SynthesizedStack,
  release?: SynthesizedRelease,
): string | undefined {
  // An environment variable of a container is called by what stands beside its value.
  const name = key === "value" && typeof siblings.name === "string" ? siblings.name : key;
  const found = credentialIn(name, value);
  if (found === undefined) return undefined;
  const way = release && credentialAdvice?.(String(release.attributes.name), path, name);
  return `${found}: ${way === undefined ? advice : `remove it here, ${way}`}`;
}

/** What stands in a chart that everybody can read is known to everybody. */
function publishedDefaults(release: SynthesizedRelease): Fault[] {
  return usedDefaults(
    release,
    (key, value) => typeof value === "string" && credentialIn(key, value) !== undefined,
  ).map(({ path }) => ({
    place: release.place(path),
    text: `is not set, and the chart ${release.chart} has a value for it that is published with the chart: set it to null, and ${advice}`,
  }));
}

function inSecret({ place, attributes }: DeclaredObject): Fault[] {
  return Object.entries(attributes).flatMap(([attribute, value]) => {
    if (!/^(binary_?)?data(_wo)?$|^stringData$/i.test(attribute) || !isMap(value)) return [];
    // What goes to a write-only attribute is kept nowhere, unless it is written down here.
    const kept = Object.entries(value).filter(
      ([, text]) => !attribute.endsWith("_wo") || !isMadeOfVariables(String(text)),
    );
    if (!kept.length) return [];
    const keys = kept.map(([key]) => key).join(", ");
    return [
      {
        place: place([attribute]),
        text: `the Secret has values in it (${keys}), which the synthesized output and the state then hold: ${ephemeral}`,
      },
    ];
  });
}

/** Expressions, and around them at most what is no credential, such as the address that one is for. */
function isMadeOfVariables(text: string): boolean {
  const rest = text.replace(/\$\{.+?\}/gs, "$(VARIABLE)");
  return rest !== text && credentialIn("", rest) === undefined;
}

/** What a release takes beside its values, and Terraform keeps in its state. */
function inAttributes({ construct, attributes }: SynthesizedRelease): Fault[] {
  const sensitive = attributes.set_sensitive;
  return [
    ...(Array.isArray(sensitive) && sensitive.length
      ? [
          {
            place: `construct ${construct}: set_sensitive`,
            text: `the state keeps these values in clear: ${advice}, or use set_wo`,
          },
        ]
      : []),
    ...Object.entries(attributes)
      .filter(([key, value]) => key.startsWith("repository_") && isCredentialKey(key) && isText(value))
      .map(([key]) => ({
        place: `construct ${construct}: ${key}`,
        text: "is a password in the synthesized output: use a variable",
      })),
  ];
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "" && !value.startsWith("${");
}
