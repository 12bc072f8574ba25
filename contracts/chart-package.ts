import * as path from "node:path";
import { load } from "js-yaml";
import * as tar from "tar";
import { helmYaml } from "../settings/helm-yaml";
import type { JsonSchema } from "../settings/json-schema";
import { SettingsError } from "../settings/settings-error";
import { mergeValues } from "../settings/values";
import type { YamlMap } from "../settings/yaml-file";

/** A chart as its package holds it, its subcharts within. */
export interface ChartPackage {
  readonly name: string;
  readonly version: string;
  /** @default - the chart says none */
  readonly appVersion?: string;
  /** The versions of Kubernetes that it takes, such as `^1.16.0-0`. @default - any */
  readonly kubeVersion?: string;
  /** A chart of named templates alone: its values are never read. */
  readonly library: boolean;
  /** Annotations of Chart.yaml, such as `artifacthub.io/changes`. */
  readonly annotations: { readonly [name: string]: string };
  /** Its own defaults, not yet merged with those of its subcharts. */
  readonly values: YamlMap;
  /** `values.schema.json`. @default - the chart has none */
  readonly schema?: JsonSchema;
  /** Files below `templates/`, the notes among them. */
  readonly templates: readonly ChartTemplate[];
  /** Values that its authors test it with, below `ci/`. */
  readonly examples: readonly { readonly path: string; readonly values: YamlMap }[];
  readonly subcharts: readonly Subchart[];
}

/** A chart with what its parent calls it. */
export interface Subchart {
  /** The key of its values in the parent: its alias, or its name. */
  readonly key: string;
  readonly chart: ChartPackage;
  /** Path in the parent's values that switches it on. @default - it is always on */
  readonly condition?: string;
}

export interface ChartTemplate {
  /** Relative to the chart, such as `templates/service.yaml`. */
  readonly path: string;
  readonly text: string;
}

/**
 * Reads a packaged chart (`NAME-VERSION.tgz`).
 *
 * @throws SettingsError when the file is missing or is no chart
 */
export function readChartPackage(file: string): ChartPackage {
  const files = new Map<string, string>();
  try {
    tar.list({
      file,
      sync: true,
      onReadEntry: (entry) => {
        const chunks: Buffer[] = [];
        entry.on("data", (chunk: Buffer) => chunks.push(chunk));
        entry.on("end", () => {
          if (entry.type === "File") files.set(entry.path, Buffer.concat(chunks).toString("utf8"));
        });
      },
    });
  } catch (error) {
    throw new SettingsError(`${path.basename(file)}: cannot be read: ${(error as Error).message}`);
  }
  const roots = [...files.keys()].filter((name) => /^[^/]+\/Chart\.yaml$/.test(name));
  const [root] = roots;
  if (root === undefined || roots.length > 1) {
    throw new SettingsError(
      `${path.basename(file)}: is no packaged chart: expected one folder with a Chart.yaml, found ${roots.length} ` +
        "(a package is made by: helm package, and fetched by: helm pull)",
    );
  }
  return readChart(files, root.slice(0, -"Chart.yaml".length));
}

function readChart(files: ReadonlyMap<string, string>, folder: string): ChartPackage {
  const metadata = readYaml<Metadata>(files, `${folder}Chart.yaml`);
  const own = [...files.keys()]
    .filter((name) => name.startsWith(folder))
    .map((name) => name.slice(folder.length));
  const subcharts = own
    .filter((name) => /^charts\/[^/]+\/Chart\.yaml$/.test(name))
    .sort()
    .map((name) => readChart(files, folder + name.slice(0, -"Chart.yaml".length)))
    .flatMap((chart) => subchartsOf(chart, metadata));
  const schema = files.get(`${folder}values.schema.json`);
  return {
    name: metadata.name,
    version: metadata.version,
    ...(metadata.appVersion !== undefined && { appVersion: String(metadata.appVersion) }),
    ...(metadata.kubeVersion && { kubeVersion: metadata.kubeVersion }),
    library: metadata.type === "library",
    annotations: metadata.annotations ?? {},
    values: files.has(`${folder}values.yaml`) ? readYaml<YamlMap>(files, `${folder}values.yaml`) : {},
    ...(schema !== undefined && { schema: JSON.parse(schema) as JsonSchema }),
    templates: own
      .filter((name) => /^templates\//.test(name))
      .sort()
      .map((name) => ({ path: name, text: files.get(folder + name) ?? "" })),
    examples: own
      .filter((name) => /^ci\/[^/]*values[^/]*\.ya?ml$/.test(name))
      .sort()
      .map((name) => ({ path: name, values: readYaml<YamlMap>(files, folder + name) })),
    subcharts,
  };
}

interface Metadata {
  readonly name: string;
  readonly version: string;
  readonly appVersion?: string | number;
  readonly kubeVersion?: string;
  readonly type?: string;
  readonly annotations?: { readonly [name: string]: string };
  readonly dependencies?: readonly Dependency[];
}

interface Dependency {
  readonly name: string;
  readonly alias?: string;
  readonly condition?: string;
}

function readYaml<T>(files: ReadonlyMap<string, string>, name: string): T {
  return (load(files.get(name) ?? "", { filename: name, schema: helmYaml }) ?? {}) as T;
}

/** How a chart in the folder charts/ is used: once for each of the parent's dependencies that names it. */
function subchartsOf(chart: ChartPackage, { dependencies = [] }: Metadata): Subchart[] {
  const uses = dependencies.filter(({ name }) => name === chart.name);
  // A chart in charts/ that no dependency names is rendered all the same.
  return (uses.length ? uses : [chart as Dependency]).map(({ name, alias = name, condition }) => ({
    key: alias,
    chart,
    // Helm takes the first of several that is set; none of ours has several.
    ...(condition && { condition: condition.split(",")[0]?.trim() }),
  }));
}

/** The defaults as Helm merges them: a parent's over its subcharts', `global` shared by all. */
export function defaultValues(chart: ChartPackage): YamlMap {
  const layers = chart.subcharts
    .filter(({ chart: { library } }) => !library)
    .map(({ key, chart: subchart }) => {
      const { global, ...own } = defaultValues(subchart);
      return { [key]: own, ...(global !== undefined && { global }) };
    });
  return mergeValues([...layers, chart.values]);
}
