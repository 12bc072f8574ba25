import { isMap } from "../settings/yaml-file";
import type { JsonSchema } from "../settings/json-schema";
import { type ChartPackage, defaultValues } from "./chart-package";
import type { Contract, ContractKey, KeyType } from "./contract";
import { kubernetesFaults, type KubernetesSchema, scalarFits } from "./kubernetes-schema";
import { placements } from "./placement";
import { always, both, common, conditionKey, either, type Requirement } from "./requirement";
import { ofOthers, type Read } from "./noted-reads";
import { readTemplates, type TemplateReads } from "./template-reads";
import type { Use } from "./template-value";
import { joinPath, splitPath } from "./value-path";

/**
 * Derives what is known about a chart's values: from its defaults, from its JSON schema where it has one, from what its
 * templates read, and from where in Kubernetes objects they put it. The same package always makes the same contract.
 */
export function deriveContract(chart: ChartPackage, kubernetes: KubernetesSchema): Contract {
  const defaults = defaultValues(chart);
  const read = readTemplates(chart);
  const root = newNode();
  const switches = (path: string): Requirement =>
    read.subcharts
      .filter(([prefix]) => path.startsWith(`${prefix}.`))
      .reduce<Requirement>((all, [, needs]) => both(all, needs), always);
  declare(root, defaults);
  for (const path of read.on) declare(nodeAt(root, path), true);
  for (const [path, values] of subchartGlobals(chart, "")) declare(nodeAt(root, path), values);
  for (const [path, schema] of schemas(chart, "")) declareSchema(nodeAt(root, path), schema);
  for (const path of read.entered) nodeAt(root, path).isEntered = true;
  for (const [path, { ...own }] of read.reads) nodeAt(root, path).read = own;
  for (const [path, needs] of read.mentioned) {
    const node = findNode(root, path);
    if (!node?.declared) continue;
    node.read = node.read
      ? { ...node.read, needs: either(node.read.needs, needs), passed: either(node.read.passed, needs) }
      : { uses: new Set(["value"]), needs: switches(path), passed: switches(path) };
  }
  const isList = (path: string): boolean => Array.isArray(nodeAt(root, path).default);
  const { types, bare } = placements(read, kubernetes, isList);
  for (const [path, places] of types) {
    const node = nodeAt(root, path);
    // What the chart's own value is not, it does not go to: the place was taken for another one.
    node.places = new Set([...places].filter((type) => isFit(kubernetes, type, node)));
  }
  for (const path of bare) nodeAt(root, path).isBare = true;

  const keys: { [path: string]: ContractKey } = {};
  for (const [key, node] of root.children) emit(keys, key === "*" ? "*" : joinPath("", key), node);
  shareConditions(keys, read.subcharts);
  if (read.notUnderstood.length) {
    // What seems to be read nowhere may be read there.
    for (const [path, key] of Object.entries(keys)) {
      if (key.unread) keys[path] = { ...key, known: "unknown" };
    }
  }
  const sorted = Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    name: chart.name,
    version: chart.version,
    appVersion: chart.appVersion ?? chart.version,
    ...(chart.kubeVersion !== undefined && { kubeVersion: chart.kubeVersion }),
    ...(read.notUnderstood.length > 0 && { notUnderstood: read.notUnderstood }),
    keys: Object.fromEntries(sorted),
  };
}

/** Whether a chart's own value is what Kubernetes has in a place, but for the keys that the chart reads itself. */
function isFit(kubernetes: KubernetesSchema, type: string, node: Node): boolean {
  const { default: value } = node;
  if (typeof value !== "object" || value === null || isEmpty(value) || !/^[[{]|\./.test(type)) return true;
  const isOwn = (path: readonly (string | number)[]): boolean =>
    path.reduce<Node | undefined>((at, key) => at?.children.get(String(key)), node)?.read !== undefined;
  return !kubernetesFaults(kubernetes, type, value, isOwn).some(
    ({ fault, path }) => fault === "unknown" || !path.length,
  );
}

interface Node {
  readonly children: Map<string, Node>;
  /** Whether the chart's values.yaml or schema has it. */
  declared: boolean;
  default?: unknown;
  schema?: JsonSchema;
  read?: Read;
  /** Whether templates look into it without asking whether it is there. */
  isEntered?: boolean;
  /** Types in Kubernetes of the places where it goes. */
  places?: ReadonlySet<string>;
  /** Whether it stands somewhere otherwise than alone in quotes. */
  isBare?: boolean;
}

function newNode(): Node {
  return { children: new Map(), declared: false };
}

function child(node: Node, key: string): Node {
  const found = node.children.get(key) ?? newNode();
  node.children.set(key, found);
  return found;
}

function findNode(root: Node, path: string): Node | undefined {
  return splitPath(path).reduce<Node | undefined>((node, key) => node?.children.get(key), root);
}

function nodeAt(root: Node, path: string): Node {
  return splitPath(path).reduce(child, root);
}

function declare(node: Node, value: unknown): void {
  node.declared = true;
  node.default = value;
  if (!isMap(value)) return;
  for (const [key, inner] of Object.entries(value)) declare(child(node, key), inner);
}

function declareSchema(node: Node, schema: JsonSchema): void {
  node.declared = true;
  node.schema = schema;
  for (const [key, inner] of Object.entries(schema.properties ?? {})) declareSchema(child(node, key), inner);
}

/** What subcharts have for `global`, by the path of that in their own values. */
function subchartGlobals(chart: ChartPackage, prefix: string): [string, unknown][] {
  return chart.subcharts.flatMap(({ key, chart: subchart }) => {
    const own = joinPath(prefix, key);
    const { global } = defaultValues(subchart);
    return [
      ...(global === undefined ? [] : [[`${own}.global`, global] as [string, unknown]]),
      ...subchartGlobals(subchart, own),
    ];
  });
}

/** The JSON schemas of a chart and its subcharts, by the path of their values. */
function schemas(chart: ChartPackage, prefix: string): [string, JsonSchema][] {
  return [
    ...(chart.schema ? [[prefix, chart.schema] as [string, JsonSchema]] : []),
    ...chart.subcharts.flatMap(({ key, chart: subchart }) => schemas(subchart, joinPath(prefix, key))),
  ];
}

/**
 * @param passed when a map above is passed on whole, so that every key below it reaches Kubernetes: that may be switched by one of
 * them. @default - none is
 */
function emit(keys: { [path: string]: ContractKey }, path: string, node: Node, passed?: Requirement): void {
  const star = node.children.get("*");
  const named = [...node.children].filter(([key]) => key !== "*");
  const isPassed = isPassedWhole(node, named.length > 0 || star !== undefined);
  const whole = isPassed ? node.read?.passed : passed;
  if (star) for (const [, inner] of named) if (isRead(inner)) readAs(inner, star);
  const type = typeOf(node, whole !== undefined);
  const isOpen = type === "map" && (whole !== undefined || star !== undefined || named.length === 0);
  const unread = passed === undefined && node.declared && !isRead(node);
  const { needs } = needsOf(node.read?.needs);
  const own = isOpen && isPassed ? needsOf(node.read?.passed) : needs && { needs };
  // A key that is read by name without what all of the map needs.
  const isApart = (inner: Node): boolean =>
    needs !== undefined && isRead(inner) && !implies(neededBy(inner), needs);
  const types = kubernetesTypes(node, type);
  const isMixed = (isOpen || type === "any") && named.some(([, inner]) => isApart(inner));
  const isNamed = isMixed && isOpen && !star;
  keys[path] = {
    type,
    // The defaults of a map whose keys are all named are theirs, but that of one that is empty.
    ...(node.declared &&
      node.default !== undefined &&
      (type !== "map" || isOpen || isEmpty(node.default)) && { default: node.default }),
    ...(isOpen && !isNamed && (whole || !star || star.children.size === 0) && { open: true as const }),
    ...(type === "map" && node.isEntered && { entered: true as const }),
    ...types,
    ...(type === "number" && !whole && isPrinted(node) && { printed: true as const }),
    ...(node.schema?.enum && { allowed: node.schema.enum }),
    // A map whose keys all are named is no more than they are.
    ...((type !== "map" || isOpen) && !isMixed && own),
    ...(unread && !named.some(([, inner]) => isRead(inner)) && { unread: true as const }),
  };
  if (isNamed) keys[`${path}.*`] = { type: "any", ...own };
  const emitBelow = (key: string, inner: Node): void => {
    const below = joinPath(path, key);
    if (inner.read && whole) inner.read.needs = either(inner.read.needs, ofOthers(whole, below));
    emit(keys, below, inner, whole);
  };
  if (star) emitBelow("*", star);
  for (const [key, inner] of named) {
    // Below an open map stand the chart's own examples, and keys that it reads by name beside passing the map on.
    if (isOpen && !isRead(inner)) continue;
    // What is read by name beside all others is one of them, where the chart does not say more about it.
    if (star?.read && !inner.declared && !inner.children.size) continue;
    emitBelow(key, inner);
  }
}

/** What is read of any entry of a map is read of one that has a name as well. */
function readAs(node: Node, any: Node): void {
  if (any.read) {
    const { uses, needs, passed } = any.read;
    node.read = {
      uses: new Set([...(node.read?.uses ?? []), ...uses]),
      needs: either(node.read?.needs ?? [], needs),
      passed: either(node.read?.passed ?? [], passed),
    };
  }
  for (const [key, inner] of any.children) readAs(child(node, key), inner);
}

/** What it needs, or one of the keys below it does. */
function neededBy({ read, children }: Node): Requirement {
  return [...children.values()]
    .filter(isRead)
    .map(neededBy)
    .reduce(either, read?.needs ?? []);
}

/** Whether what holds when one does holds when the other does. */
function implies(one: Requirement, other: Requirement): boolean {
  return one.every((all) => other.some((needed) => needed.every((condition) => all.includes(condition))));
}

function isPassedWhole({ read, default: value }: Node, hasChildren: boolean): boolean {
  if (!read) return false;
  // Handed to a function that is not known: it may do anything with it.
  const isPrinted = (["value", "number", "print", "text"] as const).some((use) => read.uses.has(use));
  return read.uses.has("whole") || (isMap(value) && isPrinted && !hasChildren);
}

function typeOf(node: Node, whole: boolean): KeyType {
  const { default: value, schema, read } = node;
  const types = [...(node.places ?? [])];
  const declared = schema?.type;
  if (typeof declared === "string") return jsonTypes[declared] ?? "any";
  if (read && isOfAnyKind(read.uses, value)) return "any";
  // What the chart passes on is what Kubernetes has there, whatever empty thing the chart's own values have.
  if (types.length && isEmpty(value)) {
    if (types.every((type) => type.startsWith("[]"))) return "list";
    if (types.every((type) => type.startsWith("{}") || /^[a-z]+\.v\d/.test(type))) return "map";
  }
  const isText = isAnyText(node);
  if (Array.isArray(value)) return "list";
  if (isMap(value)) return "map";
  // A switch that is asked for is on when it is a text.
  if (typeof value === "number" || typeof value === "boolean") {
    return isText && !read?.uses.has("test") ? "scalar" : (typeof value as KeyType);
  }
  if (isText && !node.children.size) return "scalar";
  const [scalar, ...others] = types.filter((type) => !/^[[{]|^any$|\./.test(type));
  if (scalar !== undefined && !others.length && isEmpty(value)) return scalarTypes[scalar] ?? "string";
  if (typeof value === "string") return "string";
  // One template takes a name or a map with a name.
  if ([...node.children.keys()].some((key) => key !== "*")) return whole && !node.declared ? "any" : "map";
  if (read?.uses.has("entries")) return read.uses.has("each") ? "any" : "map";
  if (read?.uses.has("each")) return "list";
  if (whole || node.children.size) return "any";
  return "scalar";
}

/** What templates ask for its kind may be of another one, and so may a list that they take one item for. */
function isOfAnyKind(uses: Read["uses"], value: unknown): boolean {
  const isJoined =
    (Array.isArray(value) || value === undefined) &&
    uses.has("one") &&
    !uses.has("each") &&
    !uses.has("whole");
  return uses.has("list") || uses.has("map") || isJoined;
}

/** Whether it goes into objects as a text, whatever it is, and any text will do. */
function isAnyText({ read, isBare, places = new Set() }: Node): boolean {
  const { uses } = read ?? { uses: new Set<Use>() };
  const isText = uses.has("text") || uses.has("print");
  const isMore =
    uses.has("value") || uses.has("number") || uses.has("whole") || (uses.has("print") && isBare);
  return isText && !isMore && [...places].every((type) => type === "string");
}

/** Whether templates do nothing else with it than print it, or the number that it says, and ask whether it is there. */
function isPrinted({ read, schema }: Node): boolean {
  const uses = [...(read?.uses ?? [])];
  const isText = (use: Use): boolean => use === "print" || use === "text" || use === "number";
  return (
    schema?.type === undefined && uses.some(isText) && uses.every((use) => isText(use) || use === "test")
  );
}

const jsonTypes: { readonly [type: string]: KeyType } = {
  string: "string",
  integer: "number",
  number: "number",
  boolean: "boolean",
  array: "list",
  object: "map",
};

const scalarTypes: { readonly [type: string]: KeyType } = {
  integer: "number",
  number: "number",
  boolean: "boolean",
  quantity: "scalar",
  "int-or-string": "scalar",
};

/** The types in Kubernetes, where they say more than the chart's own default does. */
function kubernetesTypes({ places, default: value }: Node, type: KeyType): { kubernetes?: string[] } {
  const types = [...(places ?? [])].sort();
  if (type === "list" || type === "map" || type === "any") {
    const pieces = types.filter((name) => /^[[{]|\./.test(name));
    return pieces.length ? { kubernetes: pieces } : {};
  }
  // A scalar that goes to several places is converted on its way to some of them.
  const [only, ...others] = types;
  if (only === undefined || others.length || /^[[{]|\.|^any$/.test(only)) return {};
  if ((!isEmpty(value) && !scalarFits(only, value)) || (only === "string" && type === "scalar")) return {};
  return only === type ? {} : { kubernetes: [only] };
}

/** Beyond a few alternatives, what they have in common is all that a person can act on. */
function needsOf(needs: Requirement = []): { needs?: Requirement } {
  if (!needs.length || needs.some((all) => !all.length)) return {};
  if (needs.length <= 4) return { needs };
  const all = common(needs);
  return all.length ? { needs: [all] } : {};
}

/** What every key of a subchart needs is said once, at the subchart: what is above a key must hold for it too. */
function shareConditions(keys: { [path: string]: ContractKey }, subcharts: TemplateReads["subcharts"]): void {
  for (const [prefix, [all = [], ...others]] of subcharts) {
    const [condition] = all;
    const above = keys[prefix];
    if (condition === undefined || others.length) continue;
    const own = Object.keys(keys).filter(
      (path) => path.startsWith(`${prefix}.`) && path !== conditionKey(condition) && !isMapOfKeys(keys[path]),
    );
    const shared = own.every(
      (path) => keys[path]?.unread || keys[path]?.needs?.every((all) => all.includes(condition)),
    );
    if (!above || !shared) continue;
    keys[prefix] = { ...above, needs: [[condition]] };
    for (const path of own) {
      const { needs, ...key } = keys[path] as ContractKey;
      const rest = needs?.map((all) => all.filter((other) => other !== condition)) ?? [];
      keys[path] = rest.every((all) => all.length) && rest.length ? { ...key, needs: rest } : key;
    }
  }
}

function isMapOfKeys(key: ContractKey | undefined): boolean {
  return key?.type === "map" && !key.open && !key.needs;
}

/** It, or a key below it. */
function isRead({ read, children }: Node): boolean {
  return read !== undefined || [...children.values()].some(isRead);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
