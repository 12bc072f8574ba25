import * as fs from "node:fs";
import * as path from "node:path";
import { load, type YAMLException } from "js-yaml";
import * as tar from "tar";
import { helmYaml } from "../settings/helm-yaml";
import type { JsonSchema } from "../settings/json-schema";
import { faultsOf, SettingsError } from "../settings/settings-error";
import { mergeValues } from "../settings/values";
import { isMap, type YamlMap } from "../settings/yaml-file";

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
  /** Other files that hold templates, which `.Files` reads. */
  readonly files: readonly ChartTemplate[];
  /** Values that its authors test it with, below `ci/`. */
  readonly examples: readonly { readonly path: string; readonly values: YamlMap }[];
  readonly subcharts: readonly Subchart[];
}

/** A chart with what its parent calls it. */
export interface Subchart {
  /** The key of its values in the parent: its alias, or its name. */
  readonly key: string;
  readonly chart: ChartPackage;
  /** Paths in the parent's values, by commas: the first that is set switches it on or off. @default - none does */
  readonly condition?: string;
  /** Keys below `tags` that switch it on where no condition is set. @default - none does */
  readonly tags?: readonly string[];
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
    unpack(fs.readFileSync(file), files, "");
  } catch (error) {
    throw new SettingsError(`${path.basename(file)}: ${unreadable(file, error as NodeJS.ErrnoException)}`);
  }
  const roots = [...files.keys()].filter((name) => /^[^/]+\/Chart\.yaml$/.test(name));
  const [root] = roots;
  if (root === undefined || roots.length > 1) {
    throw new SettingsError(
      `${path.basename(file)}: is no packaged chart: expected one folder with a Chart.yaml, found ${roots.length} ` +
        "(a package is made by: helm package, and fetched by: helm pull)",
    );
  }
  try {
    return readChart(files, root.slice(0, -"Chart.yaml".length));
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new SettingsError(`${path.basename(file)}: ${error.message}`);
  }
}

/** Adds the files of an archive: a subchart may be one itself. */
function unpack(archive: Buffer, files: Map<string, string>, folder: string): void {
  const onReadEntry = (entry: tar.ReadEntry): void => {
    const chunks: Buffer[] = [];
    const name = folder + entry.path;
    entry.on("data", (chunk: Buffer) => chunks.push(chunk));
    entry.on("end", () => {
      if (entry.type !== "File") return;
      const content = Buffer.concat(chunks);
      const [, charts] = /^(.*\/charts\/)[^/]+\.tgz$/.exec(name) ?? [];
      if (charts) unpack(content, files, charts);
      else files.set(name, content.toString("utf8"));
    });
    entry.resume();
  };
  new tar.Parser({ onReadEntry }).end(archive);
}

function unreadable(file: string, { code, message }: NodeJS.ErrnoException): string {
  if (/^(https?|oci):/.test(file)) return `is an address: fetch the package with: helm pull ${file}`;
  if (code === "ENOENT") return "no such file";
  if (code === "EISDIR") return `is a folder: make a package of the chart in it with: helm package ${file}`;
  return `cannot be read: ${message}`;
}

function readChart(files: ReadonlyMap<string, string>, folder: string): ChartPackage {
  const metadata = readYaml<Metadata>(files, `${folder}Chart.yaml`);
  for (const key of ["name", "version"] as const) {
    if (typeof metadata[key] !== "string") throw new SettingsError(`${folder}Chart.yaml: ${key}: missing`);
  }
  const own = [...files.keys()]
    .filter((name) => name.startsWith(folder))
    .map((name) => name.slice(folder.length));
  const subcharts = own
    .filter((name) => /^charts\/[^/]+\/Chart\.yaml$/.test(name))
    .sort()
    .map((name) => readChart(files, folder + name.slice(0, -"Chart.yaml".length)))
    .flatMap((chart) => subchartsOf(chart, metadata));
  const schema = files.get(`${folder}values.schema.json`);
  const text = (path: string): ChartTemplate => ({ path, text: files.get(folder + path) ?? "" });
  return {
    name: metadata.name,
    version: metadata.version,
    ...(metadata.appVersion !== undefined && { appVersion: String(metadata.appVersion) }),
    ...(metadata.kubeVersion && { kubeVersion: metadata.kubeVersion }),
    library: metadata.type === "library",
    annotations: metadata.annotations ?? {},
    values: files.has(`${folder}values.yaml`) ? readYaml<YamlMap>(files, `${folder}values.yaml`) : {},
    ...(schema !== undefined && {
      schema: parsed(`${folder}values.schema.json`, () => JSON.parse(schema) as JsonSchema),
    }),
    templates: own
      .filter((name) => /^templates\//.test(name))
      .sort()
      .map(text),
    files: own
      .filter((name) => !/^(templates|charts|ci)\/|^[^/]*\.(ya?ml|md)$/.test(name))
      .sort()
      .map(text)
      .filter((file) => file.text.includes("{{")),
    examples: own
      .filter((name) => /^ci\/[^/]*values[^/]*\.ya?ml$/.test(name))
      .sort()
      // What a test of theirs cannot read is no example.
      .flatMap((name) => {
        let values: YamlMap | undefined;
        faultsOf(() => (values = readYaml<YamlMap>(files, folder + name)));
        return values ? [{ path: name, values }] : [];
      }),
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
  readonly tags?: readonly string[];
}

/** As Helm reads it: of a key that is there twice the last counts. */
function readYaml<T extends object>(files: ReadonlyMap<string, string>, name: string): T {
  const content = parsed(name, () => load(files.get(name) ?? "", { schema: helmYaml, json: true }) ?? {});
  if (!isMap(content)) throw new SettingsError(`${name}: expected a mapping of keys to values`);
  return content as T;
}

/** @throws SettingsError with the file, where that is not what its name says */
function parsed<T>(name: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const { mark, reason } = error as Partial<YAMLException>;
    const line = mark ? `:${mark.line + 1}` : "";
    throw new SettingsError(`${name}${line}: cannot be read: ${reason ?? (error as Error).message}`);
  }
}

/** How a chart in the folder charts/ is used: once for each of the parent's dependencies that names it. */
function subchartsOf(chart: ChartPackage, { dependencies = [] }: Metadata): Subchart[] {
  const uses = dependencies.filter(({ name }) => name === chart.name);
  // A chart in charts/ that no dependency names is rendered all the same.
  return (uses.length ? uses : [{ name: chart.name } as Dependency]).map(
    ({ name, alias = name, condition, tags }) => ({
      key: alias,
      chart,
      ...(condition && { condition }),
      ...(tags?.length && { tags }),
    }),
  );
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
