import type { ProbeBase } from "../../../../operations/charts/chart-probe";
import type { Probe } from "../../../../operations/charts/prove-contract";
import { withLeaf } from "../../../../operations/charts/values-effects";
import { mergeValues } from "../../../../settings/values";
import type { YamlMap } from "../../../../settings/yaml-file";

/** Renders with a function in the place of Helm. */
export function probeOf(defaults: YamlMap, render: (values: YamlMap, isUpgrade: boolean) => unknown): Probe {
  const bases = new Map<string, ProbeBase>();
  const rendered = ({ values, upgrade = false }: ProbeBase): string =>
    JSON.stringify(render(mergeValues([defaults, values]), upgrade) ?? null);
  return {
    base: async (name, base) => {
      try {
        rendered(base);
      } catch (error) {
        return (error as Error).message;
      }
      bases.set(name, base);
      return undefined;
    },
    changed: async (name, set) => {
      const base = bases.get(name) ?? { values: {} };
      try {
        const values = set.reduce((at, { path, value }) => withLeaf(at, path, value, defaults), base.values);
        return { changed: rendered(base) !== rendered({ ...base, values }) };
      } catch (error) {
        return { changed: true, error: (error as Error).message };
      }
    },
  };
}
