import * as fs from "node:fs";
import * as path from "node:path";
import { SettingsError } from "../settings/settings-error";
import type { Contract, ContractKey } from "./contract";
import { common, conditionKey, type Requirement } from "./requirement";
import { joinPath, splitPath } from "./value-path";

/** The contract's file, relative to the repository. */
export function contractFile(name: string, version: string): string {
  return `charts/${name}-${version}.json`;
}

/** The contract of a chart's version, or undefined where none was made yet, or one in an older form. */
export function findContract(root: string, name: string, version: string): Contract | undefined {
  return fs.existsSync(path.join(root, contractFile(name, version)))
    ? readContract(root, name, version)
    : undefined;
}

/**
 * Reads a committed contract.
 *
 * @throws SettingsError when there is none for that version, or one in an older form
 */
export function loadContract(root: string, name: string, version: string): Contract {
  const file = contractFile(name, version);
  const isThere = fs.existsSync(path.join(root, file));
  const contract = isThere ? readContract(root, name, version) : undefined;
  if (contract) return contract;
  const wrong = isThere ? "is in a form that is not written any more" : "no such file";
  throw new SettingsError(
    `${file}: ${wrong}: the values of ${name} ${version} cannot be checked; make it with: npm run charts -- update ${name} ${version}`,
  );
}

function readContract(root: string, name: string, version: string): Contract | undefined {
  const file = path.join(root, contractFile(name, version));
  const stat = fs.statSync(file);
  const state = [stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs].join(" ");
  const known = parsed.get(file);
  if (known?.state === state) return known.contract;
  const contract = parseContract(fs.readFileSync(file, "utf8"));
  parsed.set(file, { state, contract });
  return contract;
}

/** By file: the largest has hundreds of KB, and every application of a chart asks for it. */
const parsed = new Map<string, { readonly state: string; readonly contract: Contract | undefined }>();

/** Of the form that is written here: a file of another one is made anew. */
const format = 2;

/** A key as a file has it: with the keys below it, where it has some, and with conditions that all of those need beside their own. */
type WrittenKey =
  ContractKey | readonly [own: ContractKey | null, below: WrittenKeys, shared?: readonly string[]];

interface WrittenKeys {
  readonly [name: string]: WrittenKey;
}

/**
 * The contract as it is committed: a tree with one key a line, sorted, so that a pull request shows what a new version changes.
 *
 * What all keys of a map need is said once, at the map. Keys in conditions that begin with dots are meant from where they stand:
 * `.enabled` is beside the key, `..enabled` beside the map that it is in.
 *
 * @param command what makes it, after `npm run charts --`. @default - the one that makes the contract of a pinned chart
 */
export function contractText(
  contract: Contract,
  command = `update ${contract.name} ${contract.version}`,
): string {
  const { name, version, appVersion, kubeVersion, notUnderstood } = contract;
  const head = {
    generated: `by npm run charts -- ${command}: change that command, not this file`,
    format,
    name,
    version,
    appVersion,
    ...(kubeVersion !== undefined && { kubeVersion }),
    ...(notUnderstood && { notUnderstood }),
  };
  const root = treeOf(contract);
  for (const node of root.below.values()) share(node);
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n "keys": {${linesOf(root, " ")}}\n}\n`;
}

/**
 * Reads what {@link contractText} wrote.
 *
 * @returns undefined where it is of an older form, or none
 */
export function parseContract(text: string): Contract | undefined {
  const { format: found, keys: written, ...head } = JSON.parse(text) as WrittenContract;
  if (found !== format) return undefined;
  const keys: { [path: string]: ContractKey } = {};
  readKeys(written, [""], [], keys);
  return {
    name: head.name,
    version: head.version,
    appVersion: head.appVersion,
    ...(head.kubeVersion !== undefined && { kubeVersion: head.kubeVersion }),
    ...(head.notUnderstood && { notUnderstood: head.notUnderstood }),
    keys,
  };
}

type WrittenContract = Omit<Contract, "keys"> & { readonly format?: number; readonly keys: WrittenKeys };

/**
 * @param maps paths of the maps that the keys are in, from the top
 * @param shared conditions of those maps
 */
function readKeys(
  written: WrittenKeys,
  maps: readonly string[],
  shared: readonly string[],
  keys: { [path: string]: ContractKey },
): void {
  const map = maps.at(-1) ?? "";
  const read = (condition: string): string => absolute(condition, maps);
  const about = shared.map(conditionKey);
  const all = [shared];
  for (const name in written) {
    const found = written[name] as WrittenKey;
    const path = joinPath(map, name);
    const needed = about.includes(path)
      ? shared.filter((condition) => conditionKey(condition) !== path)
      : shared;
    const isMap = isPair(found);
    const own = isMap ? found[0] : found;
    if (own) {
      const key: ContractKey & { needs?: Requirement } = (keys[path] = own);
      if (key.needs) key.needs = key.needs.map((conditions) => conditions.map(read));
      if (needed.length && !isApart(key)) {
        if (key.needs) key.needs = key.needs.map((conditions) => [...conditions, ...needed].sort());
        else key.needs = needed === shared ? all : [needed];
      }
    }
    if (!isMap) continue;
    const inner = [...maps, path];
    const conditions = found[2]?.map((condition) => absolute(condition, inner));
    readKeys(found[1], inner, conditions ? [...needed, ...conditions].sort() : needed, keys);
  }
}

function isPair(found: WrittenKey): found is Exclude<WrittenKey, ContractKey> {
  return Array.isArray(found);
}

/** One key on its way to the file. */
interface Node {
  readonly path: string;
  readonly below: Map<string, Node>;
  key?: ContractKey;
  shared?: readonly string[];
}

function treeOf({ keys }: Contract): Node {
  const root: Node = { path: "", below: new Map() };
  for (const path of Object.keys(keys).sort()) {
    const node = splitPath(path).reduce<Node>((at, name) => {
      const found: Node = at.below.get(name) ?? { path: joinPath(at.path, name), below: new Map() };
      at.below.set(name, found);
      return found;
    }, root);
    node.key = keys[path];
  }
  return root;
}

/** Takes what all keys below a map need from them to the map, from the top on. */
function share(node: Node): void {
  const holders = [...belowOf(node)].filter(({ key }) => key && !isApart(key));
  const conditions = new Set(holders.flatMap(({ key }) => common(key?.needs ?? [])));
  const shared = [...conditions].sort().filter((condition) => {
    const needing = holders.filter(({ path }) => !isAt(path, conditionKey(condition)));
    return needing.length > 1 && needing.every(({ key }) => common(key?.needs ?? []).includes(condition));
  });
  for (const holder of shared.length ? holders : []) {
    const { needs, ...key } = holder.key as ContractKey;
    const rest = needs?.map((all) =>
      all.filter((condition) => !shared.includes(condition) || isAt(holder.path, conditionKey(condition))),
    );
    holder.key = rest?.flat().length ? { ...key, needs: rest } : key;
  }
  if (shared.length) node.shared = shared;
  for (const inner of node.below.values()) share(inner);
}

function* belowOf(node: Node): Generator<Node> {
  for (const inner of node.below.values()) {
    yield inner;
    yield* belowOf(inner);
  }
}

/** Maps of keys that have entries of their own, and what nothing reads, share no conditions: those entries say when they are read. */
function isApart({ type, open, unread }: ContractKey): boolean {
  return (type === "map" && !open) || unread === true;
}

/** Whether a key is another one, or below it: a switch does not need itself. */
function isAt(path: string, key: string): boolean {
  return path.startsWith(key) && (path.length === key.length || path[key.length] === ".");
}

function linesOf(node: Node, indent: string): string {
  const lines = [...node.below].map(([name, inner]) => {
    const { needs, known, ...rest } = inner.key ?? ({} as Partial<ContractKey>);
    const own = JSON.stringify({
      ...rest,
      needs: needs?.map((all) => all.map((condition) => relative(condition, node.path))),
      known,
    });
    const shared = inner.shared?.map((condition) => relative(condition, inner.path));
    const below = inner.below.size ? `{${linesOf(inner, `${indent} `)}}` : undefined;
    const all = shared ? `,${JSON.stringify(shared)}` : "";
    return `\n${indent} ${JSON.stringify(name)}: ${below === undefined ? own : `[${inner.key ? own : null},${below}${all}]`}`;
  });
  return lines.length ? `${lines.join(",")}\n${indent}` : "";
}

/** A condition with its key as it is called from a map, where that is shorter. */
function relative(condition: string, map: string): string {
  const key = conditionKey(condition);
  const [names, own] = [splitPath(key), splitPath(map)];
  const same = own.findIndex((name, i) => name !== names[i]);
  const shared = Math.min(same < 0 ? own.length : same, names.length - 1);
  const short = ".".repeat(own.length - shared + 1) + names.slice(shared).reduce(joinPath, "");
  return shared > 0 && short.length < key.length ? condition.replace(key, () => short) : condition;
}

function absolute(condition: string, maps: readonly string[]): string {
  const start = condition.startsWith("!") ? 1 : 0;
  if (condition[start] !== ".") return condition;
  let end = start;
  while (condition[end] === ".") end++;
  const map = maps.at(start - end) ?? "";
  return `${condition.slice(0, start)}${map}.${condition.slice(end)}`;
}
