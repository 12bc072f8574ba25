import { type JsonSchema, unlessDefault } from "../settings/json-schema";
import { isMap, type YamlMap } from "../settings/yaml-file";
import { type ChartPackage, defaultValues } from "./chart-package";
import type { Contract, ContractKey } from "./contract";
import {
  isPiece,
  kubernetesDefinitions,
  kubernetesType,
  kubernetesTypesSchema,
  orNull,
  scalarType,
} from "./kubernetes-json-schema";
import { kubernetesSchema, type KubernetesSchema } from "./kubernetes-schema";
import { conditionsText, ReadingConditions } from "./reading-conditions";
import { joinPath, splitPath } from "./value-path";
import { isSwitch, numberText, offText } from "./values-faults";
import { valuesLeaves } from "./values-leaves";

/**
 * JSON Schema for the values of a chart. It says what {@link valuesFaults} says, but for what depends on other values: when a value is
 * read, which is said in its description, and whether null may take a map's place or an image's name has each part once.
 */
export function valuesSchema(contract: Contract): JsonSchema {
  return new ValuesSchema(contract, kubernetesSchema()).top();
}

/**
 * The same for Helm, which holds the chart's own values against it together with those that are set: what the chart declares
 * and does not read may be as the chart has it. Nothing else has to lie beside it.
 */
export function helmSchema(contract: Contract, chart: ChartPackage): JsonSchema {
  const schema = kubernetesSchema();
  const text = JSON.stringify(new ValuesSchema(contract, schema, true).top()).replaceAll(
    kubernetesDefinitions,
    "",
  );
  const { definitions = {} } = kubernetesTypesSchema(schema);
  const used: { [name: string]: JsonSchema } = {};
  const use = (part: string): void => {
    for (const [, name = ""] of part.matchAll(/"#\/definitions\/([^"]+)"/g)) {
      const definition = definitions[name];
      if (name in used || !definition) continue;
      used[name] = definition;
      use(JSON.stringify(definition));
    }
  };
  use(text);
  const values = JSON.parse(text) as JsonSchema;
  withHelmsOwn(values, chart);
  withChartsOwn(values, defaultValues(chart));
  if (readsTexts(chart)) withKeysForTexts(values, used);
  return { ...values, definitions: used };
}

const names = /\{\{[^}]*\.Values\./;

/** Whether texts in the values are templates as well, of which the chart's own name no values. */
function readsTexts(chart: ChartPackage): boolean {
  const renders = ({ templates, subcharts }: ChartPackage): boolean =>
    templates.some(({ text }) => /\btpl\b/.test(text)) || subcharts.some((one) => renders(one.chart));
  return renders(chart) && !valuesLeaves(defaultValues(chart)).some(({ value }) => names.test(String(value)));
}

/** Where a text names values, a key at the top that the chart does not know may be one of them: JSON Schema cannot say which. */
function withKeysForTexts(schema: JsonSchema, definitions: { [name: string]: JsonSchema }): void {
  if (schema.additionalProperties !== false) return;
  delete schema.additionalProperties;
  const $ref = "#/definitions/without-templates";
  definitions["without-templates"] = {
    not: { type: "string", pattern: names.source },
    items: { $ref },
    additionalProperties: { $ref },
  };
  schema.if = { $ref };
  schema.then = { propertyNames: { enum: Object.keys(schema.properties ?? {}) } };
}

/** Helm gives every chart `global`, and each of its subcharts a map, be it a library that reads none. */
function withHelmsOwn(schema: JsonSchema, { subcharts }: Pick<ChartPackage, "subcharts">): void {
  const properties = (schema.properties ??= {});
  properties.global ??= {};
  for (const { key, chart } of subcharts) {
    const below = (properties[key] ??= { type: ["object", "null"] });
    withHelmsOwn(below, chart);
  }
}

/** What the chart sets and does not know may be as the chart has it. */
function withChartsOwn(schema: JsonSchema, values: YamlMap): void {
  for (const [name, own] of Object.entries(values)) {
    const properties = schema.properties ?? {};
    if (!(name in properties) && schema.additionalProperties !== false) continue;
    schema.properties = properties;
    properties[name] ??= isMap(own)
      ? { type: ["object", "null"], additionalProperties: false }
      : { const: own };
    if (isMap(own)) withChartsOwn(properties[name], own);
  }
}

/** JavaScript's types of the values of one place, as far as they are neither lists nor maps. */
const scalars = ["string", "number", "boolean"];

const typesOf: { readonly [type in ContractKey["type"]]: readonly string[] } = {
  string: ["string"],
  number: ["number"],
  boolean: ["boolean"],
  scalar: scalars,
  list: ["array"],
  map: ["object"],
  any: [...scalars, "array", "object"],
};

/** A number, or a text that a template prints as one. */
function orNumberText(schema: JsonSchema): JsonSchema {
  return { ...schema, type: [...[schema.type ?? []].flat(), "string"], pattern: numberText.source };
}

class ValuesSchema {
  private readonly children = new Map<string, string[]>();
  private readonly conditions: ReadingConditions;

  constructor(
    private readonly contract: Contract,
    private readonly kubernetes: KubernetesSchema,
    /** Whether the chart's own values are held against it as well. */
    private readonly isMerged = false,
  ) {
    for (const path of Object.keys(contract.keys).sort()) {
      const names = splitPath(path);
      const parent = names.slice(0, -1).reduce(joinPath, "");
      this.children.set(parent, [...this.childrenOf(parent), names.at(-1) ?? ""]);
    }
    this.conditions = new ReadingConditions(contract, (path) => this.childrenOf(path));
  }

  public top(): JsonSchema {
    return { type: ["object", "null"], ...this.keys("", false, []) };
  }

  /** @param above the conditions that the keys above it name */
  private value(path: string, above: readonly string[]): JsonSchema {
    const key = this.contract.keys[path];
    if (!key) return {};
    // Of a map with keys of its own they say whether they are read.
    const isUnread = key.unread && !this.childrenOf(path).length;
    if (isUnread && key.known === "unknown") return {};
    if (isUnread && this.isMerged) return key.default === undefined ? {} : { const: key.default };
    if (isUnread) {
      const { name, version } = this.contract;
      const reason = `the chart ${name} ${version} declares this key, but nothing in it reads it: remove it`;
      // What says the same as the chart does no harm.
      return unlessDefault({ default: key.default }, reason);
    }
    const when = this.conditions.of(path, above);
    const [only = []] = when.length === 1 ? when : [];
    const value = JSON.stringify(key.default);
    return {
      ...(when.length > 0 && { description: `Read only when ${conditionsText(when)}.` }),
      // An editor offers it, and nobody looks for a page of text there.
      ...(value !== undefined && value.length <= 200 && { default: key.default }),
      ...this.orDefault(key, this.allowed(key, path, [...above, ...only])),
    };
  }

  /** What Kubernetes would not take in the place of a list or a map, the chart's own values may have all the same. */
  private orDefault(key: ContractKey, schema: JsonSchema): JsonSchema {
    const isOwn = this.isMerged && key.kubernetes !== undefined && key.default !== undefined;
    return isOwn ? { anyOf: [schema, { const: key.default }] } : schema;
  }

  private allowed(key: ContractKey, path: string, above: readonly string[]): JsonSchema {
    const pieces = key.kubernetes?.filter(isPiece) ?? [];
    if (!pieces.length) {
      const isFree = key.open === true || key.type === "any";
      return withBelow(this.ownType(key), this.keys(path, isFree, above));
    }
    const own = this.childrenOf(path).filter(
      (name) => !pieces.some((type) => this.kubernetes.types[type]?.[name] !== undefined),
    );
    const alternatives = pieces.map((type) => this.piece(type, path, own, above));
    const scalar = this.ownType(key, scalars);
    const isMap = typeof key.default === "object" && key.default !== null && !Array.isArray(key.default);
    const isListed = (type: string): boolean => type.startsWith("[]");
    const all = [
      ...alternatives,
      ...(key.type === "any" && !pieces.some(isListed) ? [{ type: "array" }] : []),
      ...(key.type === "any" && pieces.every(isListed) ? [{ type: "object" }] : []),
      ...(scalar.type || scalar.enum || scalar.anyOf ? [scalar] : []),
      // Some defaults are of no type that the key takes.
      ...(isMap && pieces.every((type) => type.startsWith("[]")) ? [{ const: key.default }] : []),
    ];
    const [only] = all;
    return all.length === 1 && only ? only : { anyOf: all };
  }

  /** Names of the keys right below a path. */
  private childrenOf(path: string): readonly string[] {
    return this.children.get(path) ?? [];
  }

  /** The keys of a map and the items of a list. */
  private keys(path: string, isFree: boolean, above: readonly string[]): JsonSchema {
    const names = this.childrenOf(path);
    const properties = Object.fromEntries(
      names.filter((name) => name !== "*").map((name) => [name, this.value(joinPath(path, name), above)]),
    );
    const any = names.includes("*") ? this.value(path ? `${path}.*` : "*", above) : undefined;
    return {
      ...(any && { items: any }),
      ...(Object.keys(properties).length > 0 && { properties }),
      ...((any !== undefined || !isFree) && { additionalProperties: any ?? false }),
    };
  }

  /** What the chart itself takes, whatever Kubernetes' pieces take; of `only` some types, where they are given. */
  private ownType(key: ContractKey, only?: readonly string[]): JsonSchema {
    const scalar = key.kubernetes?.find((type) => !isPiece(type));
    const types = typesOf[key.type].filter((type) => !only || only.includes(type));
    const alternatives: JsonSchema[] = [];
    const isEmptyTextOwn = key.allowed ? key.allowed.includes("") : types.includes("string");
    if (scalar !== undefined) {
      const type = scalarType(scalar);
      const isEmptyTextRefused = !isEmptyTextOwn && accepts(type, "") && type.type !== undefined;
      alternatives.push({
        ...(Object.keys(type).length || !only ? type : { type: [...only] }),
        ...(isEmptyTextRefused && { minLength: 1 }),
      });
      if (isEmptyTextOwn && !accepts(type, "")) alternatives.push({ const: "" });
    } else if (key.allowed) {
      alternatives.push({ enum: key.allowed.filter((value) => accepts({ type: [...types] }, value)) });
    } else if (types.length === typesOf.any.length) {
      return isSwitch(key) ? { not: { type: "string", pattern: offText.source } } : {};
    } else if (types.length) {
      alternatives.push({ type: [...types] });
    }
    // Some defaults are of no type that the key takes.
    const isDefaultWanted =
      key.default !== undefined &&
      key.default !== null &&
      (!only || only.includes(typeof key.default)) &&
      !alternatives.some((type) => accepts(type, key.default));
    if (isDefaultWanted) alternatives.push({ const: key.default });
    if (key.printed) alternatives.unshift(orNumberText(alternatives.shift() ?? {}));
    const [first] = alternatives;
    if (!first) return {};
    if (alternatives.length === 1 && !("const" in first)) return orNull(simple(first));
    return { anyOf: [...alternatives.map(simple), { type: "null" }] };
  }

  /** A piece of a Kubernetes object, which may hold keys of the chart's own: `own` at its top, which the chart reads. */
  private piece(
    type: string,
    path: string,
    own: readonly string[] = [],
    above: readonly string[] = [],
  ): JsonSchema {
    const names = this.childrenOf(path).filter((name) => name !== "*");
    const { types } = this.kubernetes;
    if (!names.length || type.startsWith("[]")) return kubernetesType(types, type, kubernetesDefinitions);
    const properties: { [key: string]: JsonSchema } = {};
    const of = type.startsWith("{}") ? undefined : types[type];
    for (const [field, inner] of Object.entries(of ?? {})) {
      properties[field] = this.field(inner, joinPath(path, field));
    }
    for (const name of names) {
      const below = joinPath(path, name);
      const chartsOwn = own.includes(name) ? this.value(below, above) : {};
      if (type.startsWith("{}")) properties[name] = { allOf: [this.field(type.slice(2), below), chartsOwn] };
      else properties[name] ??= chartsOwn;
    }
    return {
      type: ["object", "null"],
      properties,
      additionalProperties: of ? false : kubernetesType(types, type.slice(2), kubernetesDefinitions),
    };
  }

  private field(type: string, path: string): JsonSchema {
    return isPiece(type)
      ? this.piece(type, path)
      : kubernetesType(this.kubernetes.types, type, kubernetesDefinitions);
  }
}

/** With what lies below a list or a map, where the value may be one. */
function withBelow(schema: JsonSchema, { items, ...ofMaps }: JsonSchema): JsonSchema {
  return {
    ...schema,
    ...(items && mayHold(schema, "array") && { items }),
    ...(mayHold(schema, "object") && ofMaps),
  };
}

function mayHold(
  { type, anyOf, enum: values, const: only }: JsonSchema,
  wanted: "array" | "object",
): boolean {
  if (anyOf) return anyOf.some((one) => mayHold(one, wanted));
  if (values) return false;
  if (only !== undefined) return wanted === (Array.isArray(only) ? "array" : typeof only);
  return type === undefined || [type].flat().includes(wanted);
}

/** Whether a type that stands alone takes a value: for what is added beside it. */
function accepts({ type, enum: allowed, pattern }: JsonSchema, value: unknown): boolean {
  if (allowed) return allowed.includes(value);
  if (type === undefined) return true;
  if (typeof value === "string" && pattern !== undefined && !new RegExp(pattern).test(value)) return false;
  const found = Array.isArray(value) ? "array" : typeof value;
  return [type].flat().some((one) => one === found || (one === "integer" && Number.isInteger(value)));
}

/** A list of one type is that type. */
function simple({ type, ...rest }: JsonSchema): JsonSchema {
  return {
    ...rest,
    ...(type !== undefined && { type: Array.isArray(type) && type.length === 1 ? type[0] : type }),
  };
}
