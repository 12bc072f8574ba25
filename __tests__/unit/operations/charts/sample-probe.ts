import type { ProbeBase } from "../../../../operations/charts/chart-probe";
import type { Probe } from "../../../../operations/charts/prove-contract";
import { withLeaf } from "../../../../operations/charts/values-effects";
import { mergeValues } from "../../../../settings/values";
import type { YamlMap } from "../../../../settings/yaml-file";

/** Renders with a function in the place of Helm. */
export function probeOf(
  defaults: YamlMap,
  render: (values: YamlMap, isUpgrade: boolean, hasAPIs: boolean, release: string) => unknown,
): Probe {
  const bases = new Map<string, ProbeBase>();
  const at = (name: string): ProbeBase => bases.get(name) ?? { values: {} };
  const rendered = ({ values, upgrade = false, apis = false, release = "sample" }: ProbeBase): string =>
    JSON.stringify(render(mergeValues([defaults, values]), upgrade, apis, release) ?? null);
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
      const base = at(name);
      try {
        const values = set.reduce((at, { path, value }) => withLeaf(at, path, value, defaults), base.values);
        return { changed: rendered(base) !== rendered({ ...base, values }) };
      } catch (error) {
        return { changed: true, error: (error as Error).message };
      }
    },
    effects: async (name, leaves, gates) => {
      const after = (base: ProbeBase, leaf: number, value: unknown): ProbeBase => ({
        ...base,
        values: withLeaf(base.values, leaves[leaf]?.path ?? [], value, defaults),
      });
      const isAlive = (base: ProbeBase, leaf: number): boolean | undefined => {
        try {
          return leaves[leaf]?.values.some((value) => rendered(after(base, leaf, value)) !== rendered(base));
        } catch {
          return undefined;
        }
      };
      const all = [...leaves.keys()];
      const alive = all.map((leaf) => isAlive(at(name), leaf));
      const fails = alive.map((one) => one === undefined);
      if (!gates) return { alive, fails };
      return {
        alive,
        fails,
        gates: all.flatMap((leaf) => {
          const value = leaves[leaf]?.values[0];
          const changed = after(at(name), leaf, value);
          try {
            rendered(changed);
          } catch {
            return [];
          }
          const others = all.filter((other) => other !== leaf);
          return [
            {
              leaf,
              value,
              closes: others.filter((other) => alive[other] === true && isAlive(changed, other) === false),
              opens: others.filter((other) => alive[other] === false && isAlive(changed, other) === true),
            },
          ];
        }),
      };
    },
  };
}
