import * as fs from "node:fs";
import * as path from "node:path";
import { SettingsError } from "../settings/settings-error";
import type { Contract, ContractKey, KeyType } from "./contract";
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
const format = 3;

/** A key as a file has it: with its type where its default is of another one, or it has none, and how it is known where most there are known otherwise. */
type OwnKey = Omit<ContractKey, "known" | "type"> & { readonly type?: KeyType; readonly known?: Known };

type Known = NonNullable<ContractKey["known"]> | "inferred";

/** With the keys below it, where it has some, and with conditions that all of those need beside their own; or where the same stands. */
type WrittenKey =
  OwnKey | readonly [own: OwnKey | null, below: WrittenKeys, shared?: readonly string[]] | string;

interface WrittenKeys {
  readonly [name: string]: WrittenKey;
}

/**
 * The contract as it is committed: a tree with one key a line, sorted, so that a pull request shows what a new version changes.
 *
 * What all keys of a map need is said once, at the map. Keys in conditions that begin with dots are meant from where they stand:
 * `.enabled` is beside the key, `..enabled` beside the map that it is in. Where a map is the same as one above it in the file,
 * that one's path stands there. A key without a type is of that of its default; what `known` says at the top holds for each key that
 * does not say it.
 *
 * @param command what makes it, after `npm run charts --`. @default - the one that makes the contract of a pinned chart
 */
export function contractText(
  contract: Contract,
  command = `update ${contract.name} ${contract.version}`,
): string {
  const { name, version, appVersion, kubeVersion, notUnderstood } = contract;
  const known = mostKnown(contract);
  const head = {
    generated: `by npm run charts -- ${command}: change that command, not this file`,
    format,
    name,
    version,
    appVersion,
    ...(kubeVersion !== undefined && { kubeVersion }),
    ...(notUnderstood && { notUnderstood }),
    known,
  };
  const root = treeOf(contract);
  for (const node of root.below.values()) share(node);
  const lines = linesOf(root, " ", { known: known ?? "inferred", texts: new Map(), places: new Map() });
  return `${JSON.stringify(head, null, 1).slice(0, -2)},\n "keys": {${lines}}\n}\n`;
}

/** How most keys are known. @returns undefined where they are inferred */
function mostKnown({ keys }: Contract): Known | undefined {
  const counts = { inferred: 0, rendered: 0, unknown: 0 };
  for (const { known = "inferred" } of Object.values(keys)) counts[known]++;
  const [[most]] = Object.entries(counts).sort(([, a], [, b]) => b - a) as [[Known, number]];
  return most === "inferred" ? undefined : most;
}

/**
 * Reads what {@link contractText} wrote.
 *
 * @returns undefined where it is of an older form, or none
 */
export function parseContract(text: string): Contract | undefined {
  const { format: found, ...head } = JSON.parse(text) as WrittenContract;
  if (found !== format) return undefined;
  const keys: { [path: string]: ContractKey } = {};
  readKeys(head.keys, [""], [], { ...head, read: keys });
  return {
    name: head.name,
    version: head.version,
    appVersion: head.appVersion,
    ...(head.kubeVersion !== undefined && { kubeVersion: head.kubeVersion }),
    ...(head.notUnderstood && { notUnderstood: head.notUnderstood }),
    keys,
  };
}

type WrittenContract = Omit<Contract, "keys"> &
  Pick<Reading, "known" | "keys"> & { readonly format?: number };

interface Reading {
  /** The whole file, and how a key is known that does not say it. */
  readonly keys: WrittenKeys;
  readonly known?: Known;
  /** What was read. */
  readonly read: { [path: string]: ContractKey };
}

/**
 * @param maps paths of the maps that the keys are in, from the top
 * @param shared conditions of those maps
 */
function readKeys(
  written: WrittenKeys,
  maps: readonly string[],
  shared: readonly string[],
  reading: Reading,
): void {
  const map = maps.at(-1) ?? "";
  const about = shared.map(conditionKey);
  const all = [shared];
  for (const name in written) {
    const found = elsewhere(written[name] as WrittenKey, reading.keys);
    const path = joinPath(map, name);
    const needed = about.includes(path)
      ? shared.filter((condition) => conditionKey(condition) !== path)
      : shared;
    const isMap = isPair(found);
    const own = isMap ? found[0] : found;
    if (own) {
      const { type = typeOf(own.default), known = reading.known, ...rest } = own;
      const key: ContractKey & { needs?: Requirement } = { type, ...rest };
      reading.read[path] = known === undefined || known === "inferred" ? key : Object.assign(key, { known });
      if (key.needs)
        key.needs = key.needs.map((conditions) => conditions.map((condition) => absolute(condition, maps)));
      if (needed.length && !isApart(key)) {
        if (key.needs) key.needs = key.needs.map((conditions) => [...conditions, ...needed].sort());
        else key.needs = needed === shared ? all : [needed];
      }
    }
    if (!isMap) continue;
    const inner = [...maps, path];
    const conditions = found[2]?.map((condition) => absolute(condition, inner));
    readKeys(found[1], inner, conditions ? [...needed, ...conditions].sort() : needed, reading);
  }
}

/** The type of a default. */
function typeOf(value: unknown): KeyType {
  if (Array.isArray(value)) return "list";
  if (typeof value === "object" && value !== null) return "map";
  return typeof value === "number" ? "number" : typeof value === "boolean" ? "boolean" : "string";
}

/** What stands at a key itself, or where it says that the same does. */
function elsewhere(found: WrittenKey, keys: WrittenKeys): Exclude<WrittenKey, string> {
  if (typeof found !== "string") return found;
  const [top = "", ...names] = splitPath(found);
  return names.reduce((at, name) => (isPair(at) ? at[1][name] : undefined), keys[top]) as Exclude<
    WrittenKey,
    string
  >;
}

function isPair(found: WrittenKey | undefined): found is Exclude<WrittenKey, OwnKey | string> {
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
    holder.key = needs?.length && !rest?.flat().length ? key : { ...key, ...(rest && { needs: rest }) };
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

// A shorter map is read faster than where it stands.
const shortestReference = 200;

interface Writing {
  /** How a key is known that does not say it. */
  readonly known: Known;
  /** All that is written of a key and those below it, from where it stands. */
  readonly texts: Map<Node, string>;
  /** Where maps stand already, by that. */
  readonly places: Map<string, string>;
}

function linesOf(node: Node, indent: string, writing: Writing): string {
  const lines = [...node.below].map(([name, inner]) => {
    const start = `\n${indent} ${JSON.stringify(name)}: `;
    const own = ownText(inner, node.path, writing);
    if (!inner.below.size) return start + own;
    const whole = wholeText(inner, node.path, writing);
    const place = writing.places.get(whole);
    if (place !== undefined) return start + JSON.stringify(place);
    if (whole.length >= shortestReference) writing.places.set(whole, inner.path);
    return `${start}[${own},{${linesOf(inner, `${indent} `, writing)}}${sharedText(inner)}]`;
  });
  return lines.length ? `${lines.join(",")}\n${indent}` : "";
}

function wholeText(node: Node, map: string, writing: Writing): string {
  const known = writing.texts.get(node);
  if (known !== undefined) return known;
  const below = [...node.below].map(
    ([name, inner]) => `${JSON.stringify(name)}:${wholeText(inner, node.path, writing)}`,
  );
  const text = `${ownText(node, map, writing)}{${below.join(",")}}${sharedText(node)}`;
  writing.texts.set(node, text);
  return text;
}

function ownText({ key }: Node, map: string, writing: Writing): string {
  if (!key) return "null";
  const { type, needs, known = "inferred", ...rest } = key;
  return JSON.stringify({
    type: "default" in rest && type === typeOf(rest.default) ? undefined : type,
    ...rest,
    needs: needs?.map((all) => all.map((condition) => relative(condition, map))),
    known: known === writing.known ? undefined : known,
  });
}

function sharedText({ shared, path }: Node): string {
  return shared ? `,${JSON.stringify(shared.map((condition) => relative(condition, path)))}` : "";
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
