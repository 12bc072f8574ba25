import { nearest } from "../settings/nearest";
import { childrenOf, type Contract, type ContractKey } from "./contract";
import type { FamiliarKeys } from "./familiar-keys";
import { joinPath, splitPath } from "./value-path";

/** A key that may have been meant. */
export interface RightKey {
  readonly path: readonly (string | number)[];
  /** Whether it stands in quite another place, so that its name alone speaks for it. @default false */
  readonly isFarOff?: true;
}

/** Keys that may have been meant, for one that the chart does not know or that holds something else: the likeliest first. */
export function rightKeys(
  contract: Contract,
  path: readonly (string | number)[],
  found: unknown,
  familiarKeys: FamiliarKeys,
): readonly RightKey[] {
  const names = path.map(String);
  const near = familiar(contract, names, familiarKeys) ?? misspelt(contract, path);
  return [
    ...(near ? [{ path: near }] : []),
    ...elsewhere(contract, names, found).map((far) => ({ path: far, isFarOff: true as const })),
  ];
}

/** For a list where the chart has a map: the key of the map that takes the list. */
export function listBelow(
  contract: Contract,
  path: readonly (string | number)[],
  found: readonly unknown[],
): RightKey | undefined {
  const map = path.map(String).reduce(joinPath, "");
  const ofMaps = found.some((item) => typeof item === "object");
  const name = childrenOf(contract, map).find((name) => {
    const key = joinPath(map, name);
    return contract.keys[key]?.type === "list" && (contract.keys[`${key}.*`]?.type === "map") === ofMaps;
  });
  return name === undefined ? undefined : { path: [...path, name] };
}

function familiar(
  contract: Contract,
  names: readonly string[],
  familiarKeys: FamiliarKeys,
): readonly string[] | undefined {
  for (let i = names.length; i > 0; i--) {
    const right = familiarKeys[names.slice(0, i).reduce(joinPath, "")];
    if (right === undefined) continue;
    return isKnown(contract, right) ? [...splitPath(right), ...names.slice(i)] : undefined;
  }
  return undefined;
}

/** The first name that is not known, with the nearest of its neighbours in its place. */
function misspelt(
  contract: Contract,
  path: readonly (string | number)[],
): readonly (string | number)[] | undefined {
  let known = "";
  for (const [i, part] of path.entries()) {
    const next = stepInto(contract, known, String(part));
    if (next !== undefined) {
      known = next;
      continue;
    }
    const meant = nearest(String(part), childrenOf(contract, known));
    if (meant === undefined) return undefined;
    const right = joinPath(known, meant);
    const rest = path.slice(i + 1);
    const full = rest.map(String).reduce(joinPath, right);
    if (!isKnown(contract, full) && !isOpen(contract.keys[right])) return undefined;
    return [...path.slice(0, i), meant, ...rest];
  }
  return undefined;
}

/** The map that was meant by the first name that is not known, where nobody knows what was meant below it. */
export function nearMap(
  contract: Contract,
  path: readonly (string | number)[],
): readonly (string | number)[] | undefined {
  let known = "";
  for (const [i, part] of path.entries()) {
    const next = stepInto(contract, known, String(part));
    if (next === undefined) {
      const maps = childrenOf(contract, known).filter((name) => {
        const key = joinPath(known, name);
        return contract.keys[key]?.type === "map" && !contract.keys[key]?.unread;
      });
      const meant = nearest(String(part), maps);
      return meant === undefined ? undefined : [...path.slice(0, i), meant];
    }
    known = next;
  }
  return undefined;
}

function stepInto(contract: Contract, known: string, name: string): string | undefined {
  return [joinPath(known, name), `${known}.*`].find((path) => isKnown(contract, path));
}

/**
 * The same names in another place of the same chart: the highest, and not in a subchart. The more names they share the likelier; where
 * several are as high, none of them is likelier than the others.
 */
function elsewhere(contract: Contract, names: readonly string[], found: unknown): (readonly string[])[] {
  const [top = ""] = names;
  return names.flatMap((name, i): (readonly string[])[] => {
    const rest = names.slice(i + 1);
    // What a switch is for, the names above it say alone.
    if (i > 0 && rest.length === 0 && /^(enabled|create)$/.test(name)) return [];
    const candidates = Object.keys(contract.keys)
      .filter((key) => {
        const segments = splitPath(key);
        if (segments.includes("*") || segments.at(-1) !== name || contract.keys[key]?.unread) return false;
        if (contract.keys[segments[0] ?? ""]?.needs && segments[0] !== top) return false;
        const full = rest.reduce(joinPath, key);
        return isKnown(contract, full) ? takes(contract.keys[full], found) : isOpen(contract.keys[key]);
      })
      .map(splitPath);
    const highest = Math.min(...candidates.map((path) => path.length));
    const [best, ...others] = candidates.filter((path) => path.length === highest);
    return best && !others.length ? [[...best, ...rest]] : [];
  });
}

function isKnown(contract: Contract, path: string): boolean {
  return path in contract.keys && !contract.keys[path]?.unread;
}

function isOpen(key: ContractKey | undefined): boolean {
  return key?.open === true || key?.kubernetes !== undefined;
}

function takes(key: ContractKey | undefined, found: unknown): boolean {
  if (!key || key.type === "any") return true;
  if (Array.isArray(found)) return key.type === "list";
  if (typeof found === "object" && found !== null) return key.type === "map";
  return key.type !== "list" && key.type !== "map";
}
