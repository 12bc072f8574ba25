import type { ChartPackage } from "../../../contracts/chart-package";
import type { YamlMap } from "../../../settings/yaml-file";

export interface SampleChart extends Partial<Omit<ChartPackage, "templates" | "values">> {
  readonly values?: YamlMap;
  /** By path below `templates/`. */
  readonly templates?: { readonly [path: string]: string };
}

/** A chart made of what a test says about it. */
export function sampleChart({ templates = {}, ...chart }: SampleChart): ChartPackage {
  return {
    name: "sample",
    version: "1.0.0",
    appVersion: "2.0.0",
    library: false,
    annotations: {},
    values: {},
    files: [],
    examples: [],
    subcharts: [],
    ...chart,
    templates: Object.entries(templates).map(([path, text]) => ({ path: `templates/${path}`, text })),
  };
}
