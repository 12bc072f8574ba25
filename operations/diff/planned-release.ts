import { mergeValues } from "../../settings/values";
import { isMap, parseYamlMap, type YamlMap } from "../../settings/yaml-file";
import { fieldAt, listAt } from "../cluster/kubernetes-object";

/** A release as the configuration asks for it. */
export interface PlannedRelease {
  /** Terraform's address, such as `helm_release.ollama`. */
  readonly address: string;
  readonly name: string;
  readonly namespace: string;
  /** Name in the repository, or the package's path from the stack's directory. */
  readonly chart: string;
  /** Address of the chart's repository. @default - undefined where the chart is a package */
  readonly repository?: string;
  readonly version: string;
  /** Merged, as Helm merges them. They may hold secrets. */
  readonly values: YamlMap;
  /** Settings of the release that change its manifests, and that the rendering here leaves out. */
  readonly leftOut: readonly string[];
}

/**
 * The releases of a synthesized stack, where everything about them is known before the plan is: nothing in them refers to
 * anything but variables. They are then rendered while Terraform still plans.
 *
 * @param configuration the content of `cdk.tf.json`
 * @param variables values of Terraform's variables
 * @returns undefined where something must be taken from the plan
 */
export function configuredReleases(
  configuration: unknown,
  variables: { readonly [name: string]: string },
): PlannedRelease[] | undefined {
  const releases = fieldAt(configuration, "resource", "helm_release");
  try {
    return Object.entries(isMap(releases) ? releases : {}).map(([id, release]) =>
      plannedRelease(`helm_release.${id}`, known(release, variables)),
    );
  } catch (error) {
    if (error instanceof UnknownBeforePlan) return undefined;
    throw error;
  }
}

/**
 * A release from the attributes of a `helm_release`, with nothing left to be computed.
 *
 * @param attributes as in `cdk.tf.json` or in a plan
 */
export function plannedRelease(address: string, attributes: unknown): PlannedRelease {
  const text = (name: string) => fieldAt(attributes, name) as string | null | undefined;
  return {
    address,
    name: text("name") ?? "",
    namespace: text("namespace") ?? "default",
    chart: text("chart") ?? "",
    repository: text("repository") ?? undefined,
    version: text("version") ?? "",
    values: mergeValues(
      listAt(attributes, "values").map((values) => parseYamlMap(String(values), `${address}: values`)),
    ),
    leftOut: ["set", "set_list", "set_sensitive", "set_wo", "postrender"].filter((name) => {
      const value = fieldAt(attributes, name);
      return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined;
    }),
  };
}

/** Name of a release's chart: a package is named NAME-VERSION.tgz. */
export function chartName({ chart, version }: Pick<PlannedRelease, "chart" | "version">): string {
  return (chart.split("/").at(-1) ?? chart)
    .replace(/\.tgz$/, "")
    .replace(new RegExp(`-${escaped(version)}$`), "");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

class UnknownBeforePlan extends Error {}

/** Strings as Terraform reads them, as far as they hold nothing but variables. */
function known(value: unknown, variables: { readonly [name: string]: string }): unknown {
  if (typeof value === "string") {
    return value.replace(
      /([$%])\1\{|[$%]\{([^}]*)\}/g,
      (match, doubled: string | undefined, expression: string = "") => {
        if (doubled) return match.slice(1);
        const found = match.startsWith("${")
          ? variables[/^\s*var\.(\w+)\s*$/.exec(expression)?.[1] ?? ""]
          : undefined;
        if (found === undefined) throw new UnknownBeforePlan();
        return found;
      },
    );
  }
  if (Array.isArray(value)) return value.map((item) => known(item, variables));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//" && key !== "depends_on")
      .map(([key, inner]) => [key, known(inner, variables)]),
  );
}
