import { nearest } from "../settings/nearest";
import { isMap } from "../settings/yaml-file";
import { childrenOf, type Contract, type ContractKey, keyBelow } from "./contract";
import type { FamiliarKeys } from "./familiar-keys";
import { isOfItsHolder, isSameInPlural, nearKey } from "./key-distance";
import { fieldType, kubernetesSchema } from "./kubernetes-schema";
import { joinPath, splitPath } from "./value-path";

/** A key that may have been meant. */
export interface RightKey {
  readonly path: readonly (string | number)[];
  /** Of how many parts of the key that was found it takes the place, where what is below has another fault. @default - all */
  readonly parts?: number;
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
  const right = familiar(contract, names, familiarKeys) ?? near(contract, path, found);
  const unknown = path.findIndex((_, i) => !isThere(contract, names.slice(0, i + 1)));
  const above = unknown < 0 || unknown === path.length - 1 ? undefined : path.slice(0, unknown + 1);
  const rightAbove = above && near(contract, above, { [names[above.length] ?? ""]: found }, true);
  return [
    ...(right ? [{ path: right }] : []),
    ...(above && rightAbove ? [{ path: rightAbove, parts: above.length }] : []),
    ...elsewhere(contract, names, found).map((far) => ({ path: far, isFarOff: true as const })),
  ];
}

/** Whether nothing that is in a map may be meant as a key of one that the chart has. */
function holdsOthers(contract: Contract, map: string, found: unknown): boolean {
  const key = contract.keys[map];
  if (!isMap(found) || key?.open || key?.kubernetes) return false;
  const mayHold = (name: string): boolean =>
    keyBelow(contract, map, name) !== undefined || nearest(name, childrenOf(contract, map)) !== undefined;
  const names = Object.keys(found);
  return names.length > 0 && !names.some(mayHold);
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

/**
 * The nearest key, what is misspelt being likelier than what is misplaced.
 *
 * @param isInPlace whether as many parts are above it. @default false
 */
function near(
  contract: Contract,
  path: readonly (string | number)[],
  found: unknown,
  isInPlace = false,
): readonly (string | number)[] | undefined {
  const candidates = Object.keys(contract.keys).flatMap((full) => {
    const key = contract.keys[full];
    const names = splitPath(full);
    if (key?.unread) return [];
    const one = nearKey(path, names, takesBelow(key, path.slice(names.length)));
    if (!one || (isInPlace && one.distance > 0.2)) return [];
    const isTaken = one.path.length > names.length || takes(key, found);
    // What is called the same but in the plural, and holds something else, is another key.
    const isOther = isSameInPlural(String(path.at(-1)), String(names.at(-1)));
    if (isOther && (!isTaken || holdsOthers(contract, full, found))) return [];
    if (one.isMoved && (isInPlace || !isTaken || isOfAnother(contract, names, String(path[0])))) return [];
    // A part that the chart has there is not one too many.
    if (one.isMoved && path.length > names.length && isThere(contract, path.slice(0, -1).map(String)))
      return [];
    // What takes such a value is likelier.
    return [{ ...one, distance: one.distance + (isTaken ? 0 : 0.1) }];
  });
  const [best, next] = candidates.sort((a, b) => a.distance - b.distance);
  // Of places that are as far away none is likelier than the others.
  return best?.isMoved && next && next.distance - best.distance < 0.05 ? undefined : best?.path;
}

/** Whether a key belongs to a subchart, or to another container or service than the chart's main one, that the values say nothing about. */
function isOfAnother({ name, keys }: Contract, names: readonly string[], top: string): boolean {
  // What is global may be for one of them alone.
  const [first = ""] = names[0] === "global" && names.length > 2 ? names.slice(1) : names;
  const isContainer = ["image", "resources", "service.type", "serviceType"].some((name) =>
    Object.hasOwn(keys, `${first}.${name}`),
  );
  return (
    first !== top &&
    (keys[first]?.needs !== undefined || (isContainer && first !== name && !mainContainers.has(first)))
  );
}

/** What charts call the part that they are for. */
const mainContainers = new Set(
  "app,controller,controllerManager,deployment,main,manager,master,operator,primary,server,web".split(","),
);

function isThere(contract: Contract, names: readonly string[]): boolean {
  return (
    names.reduce<string | undefined>(
      (known, name) => (known === undefined ? undefined : keyBelow(contract, known, name)),
      "",
    ) !== undefined
  );
}

/**
 * The same names in another place of the same chart: the highest, and not in a subchart. The more names they share the likelier; where
 * several are as high, none of them is likelier than the others.
 */
function elsewhere(contract: Contract, names: readonly string[], found: unknown): (readonly string[])[] {
  const [top = ""] = names;
  return names.flatMap((name, i): (readonly string[])[] => {
    const rest = names.slice(i + 1);
    // What a switch is for, the names above it say alone, as those say that the chart has.
    const above = names.slice(0, i);
    if (!rest.length && (isOfItsHolder(name) || (i > 0 && isThere(contract, above)))) return [];
    const candidates = Object.keys(contract.keys).flatMap((key) => {
      const segments = splitPath(key);
      if (segments.includes("*") || segments.at(-1) !== name || contract.keys[key]?.unread) return [];
      if (isOfAnother(contract, segments, top)) return [];
      // What a name is of, the names above it say.
      if (i > 0 && !rest.length && segments.length > 1 && !above.some((one) => segments.includes(one)))
        return [];
      const full = rest.reduce(joinPath, key);
      const isNamed = rest.length > 0 && isKnown(contract, full);
      const isFit = isNamed ? takes(contract.keys[full], found) : takesBelow(contract.keys[key], rest);
      if (rest.length ? !isFit : !takes(contract.keys[key], found)) return [];
      return [{ segments, isAlone: !isNamed && !contract.keys[key]?.kubernetes }];
    });
    const highest = Math.min(...candidates.map(({ segments }) => segments.length));
    // One name says where it belongs if there is one such place alone.
    const [best, ...others] = candidates.filter(
      ({ segments, isAlone }) => isAlone || segments.length === highest,
    );
    return best && !others.length ? [[...best.segments, ...rest]] : [];
  });
}

function isKnown(contract: Contract, path: string): boolean {
  return Object.hasOwn(contract.keys, path) && !contract.keys[path]?.unread;
}

/** Whether the chart takes what is not named below a key: anything, or what Kubernetes has there. */
function takesBelow(key: ContractKey | undefined, rest: readonly (string | number)[]): boolean {
  const below = (type: string | undefined, part: string | number): string | undefined =>
    type && fieldType(kubernetesSchema(), type, typeof part === "number" ? "[]" : part);
  const types: readonly string[] = key?.kubernetes ?? [];
  return key?.open === true || types.some((type) => rest.reduce(below, type as string | undefined));
}

function takes(key: ContractKey | undefined, found: unknown): boolean {
  if (!key || key.type === "any" || found === null) return true;
  if (Array.isArray(found)) return key.type === "list";
  if (typeof found === "object" && found !== null) return key.type === "map";
  return key.type !== "list" && key.type !== "map";
}
