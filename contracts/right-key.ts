import { keyOf } from "../settings/check";
import { nearest } from "../settings/nearest";
import { childrenOf, type Contract, type ContractKey } from "./contract";
import type { FamiliarKeys } from "./familiar-keys";
import { joinPath, splitPath } from "./value-path";

/** The key that was probably meant, for one that the chart does not know or that holds something else. */
export function rightKey(
  contract: Contract,
  path: readonly (string | number)[],
  found: unknown,
  familiarKeys: FamiliarKeys,
): string | undefined {
  const names = path.map(String);
  return (
    familiar(contract, names, familiarKeys) ?? misspelt(contract, path) ?? elsewhere(contract, names, found)
  );
}

/** For a list where the chart has a map: the key of the map that takes the list. */
export function listBelow(
  contract: Contract,
  path: readonly (string | number)[],
  found: readonly unknown[],
): string | undefined {
  const map = path.map(String).reduce(joinPath, "");
  const ofMaps = found.some((item) => typeof item === "object");
  return childrenOf(contract, map)
    .map((name) => joinPath(map, name))
    .find(
      (key) => contract.keys[key]?.type === "list" && (contract.keys[`${key}.*`]?.type === "map") === ofMaps,
    );
}

function familiar(
  contract: Contract,
  names: readonly string[],
  familiarKeys: FamiliarKeys,
): string | undefined {
  for (let i = names.length; i > 0; i--) {
    const right = familiarKeys[names.slice(0, i).reduce(joinPath, "")];
    if (right === undefined) continue;
    const full = names.slice(i).reduce(joinPath, right);
    return isKnown(contract, right) ? full : undefined;
  }
  return undefined;
}

/** The first name that is not known, with the nearest of its neighbours in its place. */
function misspelt(contract: Contract, path: readonly (string | number)[]): string | undefined {
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
    return keyOf([...path.slice(0, i), meant, ...rest]);
  }
  return undefined;
}

function stepInto(contract: Contract, known: string, name: string): string | undefined {
  return [joinPath(known, name), `${known}.*`].find((path) => isKnown(contract, path));
}

/** The same name in another place of the same chart: the highest, and not in a subchart. */
function elsewhere(contract: Contract, names: readonly string[], found: unknown): string | undefined {
  const [top = ""] = names;
  for (let i = names.length - 1; i >= 0; i--) {
    const rest = names.slice(i);
    const candidates = Object.keys(contract.keys).filter((key) => {
      const segments = splitPath(key);
      if (segments.includes("*") || segments.at(-1) !== rest[0] || contract.keys[key]?.unread) return false;
      if (contract.keys[segments[0] ?? ""]?.needs && segments[0] !== top) return false;
      const full = rest.slice(1).reduce(joinPath, key);
      return isKnown(contract, full) ? takes(contract.keys[full], found) : isOpen(contract.keys[key]);
    });
    const [best] = candidates.sort((a, b) => splitPath(a).length - splitPath(b).length || (a < b ? -1 : 1));
    if (best !== undefined) return rest.slice(1).reduce(joinPath, best);
  }
  return undefined;
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
