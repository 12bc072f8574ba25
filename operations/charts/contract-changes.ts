import type { YamlMap } from "../../settings/yaml-file";
import { type Contract, keyBelow } from "../../contracts/contract";
import { joinPath } from "../../contracts/value-path";
import { valuesLeaves } from "../../contracts/values-leaves";

/** What a new version of a chart means for what we set. */
export interface ContractChanges {
  readonly from: Pick<Contract, "version" | "appVersion">;
  readonly to: Pick<Contract, "version" | "appVersion">;
  /** Keys that we set and that the new version no longer knows or reads. */
  readonly gone: readonly string[];
  /** Keys that we set whose default is another now. */
  readonly defaults: readonly ChangedDefault[];
  /** Images whose default is another now, whether we set them or not. */
  readonly images: readonly ChangedDefault[];
  /** Keys that the chart gained and lost. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

export interface ChangedDefault {
  readonly key: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** @param values all that we set, of each environment */
export function contractChanges(from: Contract, to: Contract, values: readonly YamlMap[]): ContractChanges {
  const set = new Set(values.flatMap((one) => valuesLeaves(one)).map(({ path }) => knownPath(from, path)));
  const known = (contract: Contract): string[] =>
    Object.keys(contract.keys).filter((key) => !contract.keys[key]?.unread);
  const [before, after] = [new Set(known(from)), new Set(known(to))];
  const changed = [...before]
    .filter((key) => after.has(key) && defaultOf(from, key) !== defaultOf(to, key))
    .map((key) => ({ key, from: from.keys[key]?.default, to: to.keys[key]?.default }));
  return {
    from: { version: from.version, appVersion: from.appVersion },
    to: { version: to.version, appVersion: to.appVersion },
    gone: [...set].filter((key) => before.has(key) && !after.has(key)).sort(),
    defaults: changed.filter(({ key }) => set.has(key)),
    images: changed.filter(({ key }) => /(^|\.)image\.(registry|repository|tag|digest)$/i.test(key)),
    added: [...after].filter((key) => !before.has(key)),
    removed: [...before].filter((key) => !after.has(key)),
  };
}

function defaultOf({ keys }: Contract, key: string): string {
  return JSON.stringify(keys[key]?.default) ?? "";
}

/** The key of the contract that a value of ours belongs to: its own, or the open map that it is in. */
function knownPath(contract: Contract, path: readonly (string | number)[]): string {
  let known = "";
  for (const part of path) {
    const below = keyBelow(contract, known, String(part));
    if (below === undefined) return known || joinPath(known, String(part));
    known = below;
  }
  return known;
}
