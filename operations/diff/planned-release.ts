import { mergeValues } from "../../settings/values";
import { isMap, parseYamlMap, type YamlMap } from "../../settings/yaml-file";
import { fieldAt, type Fields, listAt } from "../cluster/kubernetes-object";

/** A release as the configuration asks for it. */
export interface PlannedRelease {
  /** Terraform's address, such as `helm_release.chat`. */
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
  /** Settings and expressions of Terraform that change its manifests, and that the rendering here leaves out. */
  readonly leftOut: readonly string[];
}

/**
 * The releases of a synthesized stack. `HelmApp` writes nothing into one that only a plan knows, so that they are rendered
 * while Terraform still plans.
 *
 * @param configuration the content of `cdk.tf.json`
 * @param variables Terraform's variables that are mappings of numbers
 */
export function configuredReleases(configuration: unknown, variables: NumbersByVariable): PlannedRelease[] {
  return Object.entries((fieldAt(configuration, "resource", "helm_release") ?? {}) as Fields).map(
    ([id, release]) => {
      const address = `helm_release.${id}`;
      const unknown: string[] = [];
      const attributes = known(release, variables, unknown);
      const text = (name: string) => fieldAt(attributes, name) as string | undefined;
      return {
        address,
        name: text("name") ?? "",
        namespace: text("namespace") ?? "default",
        chart: text("chart") ?? "",
        repository: text("repository"),
        version: text("version") ?? "",
        values: mergeValues(
          listAt(attributes, "values").map((values) => parseYamlMap(String(values), `${address}: values`)),
        ),
        leftOut: [
          ...["set", "set_list", "set_sensitive", "set_wo", "postrender"].filter((name) => text(name)),
          ...unknown,
        ],
      };
    },
  );
}

/** What a reader must know of how releases were rendered, one sentence each. */
export function renderingNotes(releases: readonly PlannedRelease[]): string[] {
  return releases
    .filter(({ leftOut }) => leftOut.length > 0)
    .map(({ name, leftOut }) => `the manifests of ${name} are rendered without ${leftOut.join(", ")}`);
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

interface NumbersByVariable {
  readonly [variable: string]: { readonly [key: string]: number };
}

/** Such as `${try(var.revisions.chat_web, 1)}`. */
const lookup = /^\$\{\s*try\(var\.(\w+)\.([\w-]+), (\d+)\)\s*\}$/;

/**
 * Strings as Terraform reads them, as far as they hold nothing but numbers that are found in variables.
 *
 * @param unknown is given the expressions that only Terraform knows, which stay as they are
 */
function known(value: unknown, variables: NumbersByVariable, unknown: string[]): unknown {
  if (typeof value === "string") {
    return value.replace(
      /([$%])\1\{|[$%]\{([^}]*)\}/g,
      (match, doubled: string | undefined, expression: string = "") => {
        if (doubled) return match.slice(1);
        const [, variable = "", key = "", otherwise] = lookup.exec(match) ?? [];
        const numbers = variables[variable];
        if (numbers === undefined) unknown.push(expression.trim());
        return numbers === undefined ? match : String(numbers[key] ?? otherwise);
      },
    );
  }
  if (Array.isArray(value)) return value.map((item) => known(item, variables, unknown));
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//" && key !== "depends_on")
      .map(([key, inner]) => [key, known(inner, variables, unknown)]),
  );
}
