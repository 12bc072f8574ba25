import { type ChartPackage, defaultValues, type Subchart } from "./chart-package";
import { isMap, valueAt, type YamlMap } from "../settings/yaml-file";
import { NamedTemplates, textPattern } from "./named-templates";
import { NotedReads, type Read } from "./noted-reads";
import { anyOf, joined, onlyWhen, plain, printed, type RenderedText } from "./rendered-text";
import { always, both, never, type Requirement } from "./requirement";
import { templateFunction, type TemplateReader } from "./template-functions";
import {
  changedText,
  choice,
  constant,
  isExact,
  type Mark,
  markPattern,
  nothing,
  union,
  unknownFields,
  unknownText,
  type Use,
  type Value,
  whenOn,
} from "./template-value";
import type { Operand, Pipe, TemplateNode } from "./template-tree";
import { joinPath, splitPath } from "./value-path";

/** Everything that the templates of a chart and its subcharts read; see {@link NotedReads}. */
export interface TemplateReads extends Pick<NotedReads, "entered"> {
  readonly reads: ReadonlyMap<string, Read>;
  readonly mentioned: ReadonlyMap<string, Requirement>;
  /** The subcharts by the path of their values, with when they are on. */
  readonly subcharts: readonly (readonly [path: string, needs: Requirement])[];
  /** Switches that are on where nobody says anything: Helm's, of subcharts. */
  readonly on: readonly string[];
  /** See {@link NamedTemplates}. */
  readonly notUnderstood: readonly string[];
  /** What the files render, with marks where values go. */
  readonly rendered: readonly string[];
  readonly marks: readonly Mark[];
}

/**
 * Finds which values the templates read, by going through them once with every branch taken and with paths in place of
 * values. It follows `with` and `range`, variables, named templates and what they are given, and `dict`s on their way.
 */
export function readTemplates(chart: ChartPackage): TemplateReads {
  const reader = new Reader(chart);
  const rendered = reader.render(chart, "", always);
  reader.noted.narrow();
  const { reads, mentioned, entered } = reader.noted;
  const { marks, subcharts, on } = reader;
  return {
    reads,
    mentioned,
    entered,
    subcharts,
    on,
    notUnderstood: reader.templates.notUnderstood,
    rendered,
    marks,
  };
}

interface Scope {
  readonly dot: Value;
  /** In boxes: what is assigned in a branch, those around it see; what is declared there ends with it. */
  readonly variables: Map<string, { value: Value }>;
  readonly needs: Requirement;
  /** The named templates that it is inside of. */
  readonly within: readonly string[];
}

// A template that includes itself goes as deep as the values that it is given: one level shows what it reads.
const mostLevels = 2;

class Reader implements TemplateReader<Scope> {
  public readonly noted = new NotedReads();
  public readonly templates: NamedTemplates;
  public readonly marks: Mark[] = [];
  public readonly subcharts: (readonly [string, Requirement])[] = [];
  public readonly on: string[] = [];
  private readonly defaults: YamlMap;
  /** Paths of the values of a chart or subchart. */
  private readonly prefixes = new Set<string>();

  public constructor(chart: ChartPackage) {
    this.templates = new NamedTemplates(chart);
    this.defaults = defaultValues(chart);
  }

  public render(chart: ChartPackage, prefix: string, needs: Requirement, folder = chart.name): string[] {
    const dot = this.chartContext(chart, prefix, folder);
    const rendered: string[] = [];
    const run = (nodes: readonly TemplateNode[], needs: Requirement, inNotes: boolean): string => {
      this.noted.reading = { chart: prefix, inNotes, isDigest: false };
      const { text } = this.nodes(nodes, { ...started(dot), needs, within: [] });
      this.noteWhole(text);
      return text;
    };
    for (const [path, body] of this.templates.rendered(chart)) {
      rendered.push(run(body, needs, path === "templates/NOTES.txt"));
    }
    // A default may be a template itself, which is evaluated where its key is read.
    for (const { path, text } of templatesIn(chart.values, prefix)) {
      const body = this.templates.parse(text, `${chart.name}/values.yaml`, true)?.body ?? [];
      run(body, this.noted.nearest(path)?.needs ?? needs, false);
    }
    for (const subchart of chart.subcharts) {
      if (subchart.chart.library) continue;
      const own = joinPath(prefix, subchart.key);
      const isOn = this.switchedOn(subchart, prefix, needs);
      this.subcharts.push([own, isOn]);
      const below = `${folder}/charts/${subchart.key}`;
      rendered.push(...this.render(subchart.chart, own, both(needs, isOn), below));
    }
    return rendered;
  }

  /** Of the conditions of a subchart the first that is set counts; where none is, its tags do; where they are not, it is on. */
  private switchedOn({ condition, tags = [] }: Subchart, prefix: string, needs: Requirement): Requirement {
    const isSet = (path: string): boolean => valueAt(this.defaults, splitPath(path)) !== undefined;
    const conditions =
      condition?.split(",").map((path) => path.trim().split(".").reduce(joinPath, prefix)) ?? [];
    const paths = conditions.some(isSet)
      ? conditions
      : [...conditions, ...tags.map((tag) => joinPath("tags", tag))];
    if (!paths.some(isSet)) this.on.push(...paths.slice(-Math.max(1, tags.length)));
    for (const path of paths) {
      this.noted.take(path, needs);
      this.noted.note(path, "test", needs);
    }
    return paths.length ? paths.map((path) => [path]) : always;
  }

  /** What the templates of a chart have as their `.`: of what is known only when it is rendered, nothing. */
  private chartContext(chart: ChartPackage, prefix: string, folder: string): Value {
    this.prefixes.add(prefix);
    const subcharts = chart.subcharts.map(
      ({ key, chart: subchart }) =>
        [key, this.chartContext(subchart, joinPath(prefix, key), `${folder}/charts/${key}`)] as const,
    );
    const unknown = { ...unknownText, fields: unknownFields };
    const fields = (known: Record<string, Value>): Value => ({
      ...unknown,
      fields: new Map([...unknownFields, ...Object.entries(known)]),
    });
    return {
      paths: [],
      fields: new Map<string, Value>([
        ["Values", { paths: [prefix], exact: true }],
        ["Subcharts", { paths: [], fields: new Map(subcharts) }],
        [
          "Chart",
          fields({ Name: constant(folder.split("/").at(-1) ?? ""), Version: constant(chart.version) }),
        ],
        ["Template", fields({ BasePath: constant(`${folder}/templates`) })],
        ["Files", filesOf(chart)],
        ["Release", unknown],
        ["Capabilities", unknown],
      ]),
    };
  }

  private nodes(nodes: readonly TemplateNode[], scope: Scope): RenderedText {
    const inner: Scope = { ...scope, variables: new Map(scope.variables) };
    return joined(nodes.map((node) => this.node(node, inner)));
  }

  private node(node: TemplateNode, scope: Scope): RenderedText {
    switch (node.kind) {
      case "text":
        return plain(node.text);
      case "action": {
        const value = this.pipe(node.pipe, scope);
        return node.pipe.variables.length ? plain("") : printed(value, this.print(value, scope, "print"));
      }
      case "template": {
        const dot = node.pipe ? this.pipe(node.pipe, scope) : nothing;
        const value = this.include(constant(node.name), dot, scope);
        return printed(value, value.text ?? "");
      }
      case "range":
        return this.range(node, scope);
      default: {
        // Since the first branch, and since the top.
        let [others, needs] = [always, scope.needs];
        const branches = node.branches.map(({ pipe, body }) => {
          const at = { ...scope, needs, variables: new Map(scope.variables) };
          const value = pipe
            ? this.pipe(pipe, at)
            : { ...nothing, when: (on: boolean) => (on ? always : never) };
          if (pipe) this.use(value, "test", at);
          const [taken, otherwise] = [whenOn(value, true), whenOn(value, false)];
          const here = both(others, taken);
          const inside = { ...at, needs: both(needs, taken) };
          [others, needs] = [both(others, otherwise), both(needs, otherwise)];
          return onlyWhen(
            here,
            this.nodes(body, node.kind === "with" && pipe ? { ...inside, dot: value } : inside),
          );
        });
        return anyOf([...branches, onlyWhen(others, plain(""))]);
      }
    }
  }

  private range(node: Extract<TemplateNode, { kind: "range" }>, scope: Scope): RenderedText {
    const over = this.pipe({ ...node.pipe, variables: [] }, scope);
    this.use(over, "each", scope);
    // With two variables it goes through a list and its places as well.
    if (node.pipe.variables.length > 1) this.use(over, "entries", scope);
    const isThere = whenOn(over, true);
    const needs = both(scope.needs, isThere);
    // The items of a list that a template wrote down differ; those of a value are all alike.
    const items = over.items?.length ? over.items : [this.field(over, "*")];
    const rounds = items.map((item) => {
      const variables = new Map(scope.variables);
      const [first, second] = node.pipe.variables;
      if (first) variables.set(first, { value: second ? unknownText : item });
      if (second) variables.set(second, { value: item });
      return this.nodes(node.body, { ...scope, dot: item, variables, needs });
    });
    const otherwise = this.nodes(node.otherwise, scope);
    if (over.items?.length && !over.paths.length) return joined(rounds);
    const some = { text: joined(rounds).text, oneOf: [{ needs: isThere, value: unknownText }] };
    return anyOf([some, onlyWhen(whenOn(over, false), otherwise)]);
  }

  private pipe(pipe: Pipe, scope: Scope): Value {
    const { reading } = this.noted;
    const isDigest = pipe.commands.some(
      ([first]) => first?.kind === "function" && templateFunction(first.name).isDigest,
    );
    if (isDigest) this.noted.reading = { ...reading, isDigest };
    const value = pipe.commands.reduce<Value | undefined>(
      (piped, command) => this.command(command, piped, scope),
      undefined,
    );
    this.noted.reading = reading;
    const result = value ?? nothing;
    for (const name of pipe.variables) {
      const known = scope.variables.get(name);
      // Whether the branch that assigns is taken is not known: it may be either.
      if (pipe.assigns && known) {
        known.value = choice([
          { needs: scope.needs, value: result },
          { needs: always, value: known.value },
        ]);
      } else scope.variables.set(name, { value: result });
    }
    return result;
  }

  private command(operands: readonly Operand[], piped: Value | undefined, scope: Scope): Value {
    const [first, ...rest] = operands;
    if (!first) return piped ?? nothing;
    if (first.kind !== "function") {
      const value = this.operand(first, scope);
      const given = rest.map((operand) => this.operand(operand, scope));
      return value.call && (given.length || piped) ? value.call(piped ? [...given, piped] : given) : value;
    }
    const { call, goesOnWhile } = templateFunction(first.name);
    let { needs } = scope;
    const values = rest.map((operand) => {
      const value = this.operand(operand, { ...scope, needs });
      if (goesOnWhile === undefined) return value;
      this.use(value, "test", { ...scope, needs });
      needs = both(needs, whenOn(value, goesOnWhile));
      return value;
    });
    return call(piped ? [...values, piped] : values, this, scope, first.name);
  }

  private operand(operand: Operand, scope: Scope): Value {
    const value = this.valueOf(operand, scope);
    // A variable on its own, and what comes out of parentheses, was taken hold of before.
    const takes = operand.kind === "dot" || (operand.kind === "variable" && operand.fields.length > 0);
    if (takes) for (const path of value.paths) this.noted.take(path, scope.needs);
    return value;
  }

  private valueOf(operand: Operand, scope: Scope): Value {
    if (operand.kind === "literal")
      return operand.string ? constant(operand.text) : { paths: [], literal: operand.text };
    if (operand.kind === "function") return this.command([operand], undefined, scope);
    const holder =
      operand.kind === "dot"
        ? scope.dot
        : operand.kind === "variable"
          ? (scope.variables.get(operand.name)?.value ?? nothing)
          : this.pipe(operand.pipe, scope);
    return operand.fields.reduce<Value>((value, key, i) => {
      // What is in parentheses may be null.
      if (operand.kind !== "pipe" || i > 0) this.enter(value, scope.needs);
      return this.field(value, key);
    }, holder);
  }

  private enter(value: Value, needs: Requirement): void {
    const [path = ""] = value.paths;
    if (isExact(value) && !path.includes("*") && !this.prefixes.has(path)) this.noted.enter(path, needs);
  }

  public field(value: Value, key: string): Value {
    const found: Value[] = [];
    const entry = value.fields?.get(key) ?? value.fields?.get("*");
    if (entry) found.push(entry);
    if (key === "*") found.push(...(value.items ?? []), ...(value.fields?.values() ?? []));
    if (value.paths.length) {
      const paths = value.paths.flatMap((path) => this.below(path, key) ?? []);
      found.push({ paths, exact: value.exact ?? false });
    }
    return found.length === 1 && found[0] ? found[0] : union(found);
  }

  private below(path: string, key: string): string | undefined {
    // A key of all the values, put together from text: see mention().
    if (key === "*" && this.prefixes.has(path)) return undefined;
    return key === "global" && this.prefixes.has(path) ? "global" : joinPath(path, key);
  }

  public entry(value: Value, key: Value, scope: Scope): Value {
    if (key.literal !== undefined && key.text === undefined && /^\d+$/.test(key.literal)) {
      return value.items?.[Number(key.literal)] ?? { ...this.field(value, "*"), exact: false };
    }
    if (key.literal !== undefined) return this.field(value, key.literal);
    if (key.oneOf?.length && key.oneOf.every(({ value: { literal } }) => literal !== undefined)) {
      return choice(
        key.oneOf.map((one) => ({ needs: one.needs, value: this.field(value, one.value.literal ?? "") })),
      );
    }
    this.use(key, "value", scope);
    const pattern = textPattern(key.text ?? "");
    const names = value.paths.flatMap((path) => this.declared(path)).filter((name) => pattern?.test(name));
    return names.length ? union(names.map((name) => this.field(value, name))) : this.field(value, "*");
  }

  /** The keys that the chart's own values have in a map. */
  private declared(path: string): string[] {
    const value = valueAt(this.defaults, splitPath(path));
    return isMap(value) ? Object.keys(value) : [];
  }

  public without(value: Value, keys: ReadonlySet<string>): Value {
    const top = value.paths.includes("") ? this.declared("").filter((name) => !keys.has(name)) : [];
    const known = [
      ...top.map((name): [string, Value] => [name, this.field(value, name)]),
      ...(value.fields ?? []),
    ];
    return {
      ...value,
      paths: value.paths.filter(Boolean),
      exact: false,
      fields: new Map(known.filter(([name]) => !keys.has(name))),
    };
  }

  public alias(value: Value, other: Value): void {
    for (const place of value.paths) for (const path of other.paths) this.noted.putInto(place, path);
  }

  public include(name: Value, dot: Value, scope: Scope): Value {
    // The values that go into a checksum are looked at where they do something.
    if (this.noted.reading.isDigest) return unknownText;
    const names = name.oneOf?.map(({ value }) => value.literal) ?? [name.literal ?? name.text];
    const templates = names.flatMap((one) => this.templates.named(one ?? ""));
    const rendered = templates.map(([own, nodes]) => this.run(own, nodes, dot, scope));
    const [only] = rendered;
    if (!only) return unknownText;
    return rendered.length > 1 ? union(rendered) : only;
  }

  public evaluate(text: string, dot: Value, scope: Scope): Value {
    const nodes = text.includes("{{") ? this.templates.parse(text, "", true)?.body : undefined;
    if (nodes) return this.run(text, nodes, dot, scope);
    return { paths: [], text: text || changedText };
  }

  private run(name: string, nodes: readonly TemplateNode[], dot: Value, { needs, within }: Scope): Value {
    if (within.filter((one) => one === name).length >= mostLevels) return unknownText;
    this.mention(dot, needs);
    const { text, oneOf } = this.nodes(nodes, { ...started(dot), needs, within: [...within, name] });
    return { paths: [], text, oneOf };
  }

  /** Bitnami's charts hand over which values may hold a password as a list of texts: `(list "auth.rootPassword")`. */
  private mention({ fields }: Value, needs: Requirement): void {
    const given = [...(fields?.values() ?? [])];
    const contexts = given.flatMap((value) => value.fields?.get("Values")?.paths ?? []);
    const literals = given.flatMap((value) => [value, ...(value.items ?? [])]).map(({ literal }) => literal);
    for (const prefix of contexts) {
      for (const literal of literals) {
        if (literal === undefined || !/^[\w.-]+$/.test(literal)) continue;
        const keys = literal.split(".");
        const path = keys.reduce((path, key) => this.below(path, key) ?? path, prefix);
        this.noted.mention(path, needs);
      }
    }
  }

  public print(value: Value, scope: Scope, use: Use = "value"): string {
    this.use(value, use, scope);
    const text = value.text ?? value.literal ?? "";
    return value.paths.length ? text + this.mark({ paths: value.paths, below: new Map() }) : text;
  }

  public printWhole(value: Value, scope: Scope): string {
    // What was a text already is the same text again.
    if (value.yaml !== undefined) return value.yaml;
    const below = [...(value.fields ?? [])].map(([key, { paths }]): [string, readonly string[]] => [
      key,
      paths,
    ]);
    const items = (value.items ?? []).flatMap(({ paths }) => paths);
    if (items.length) below.push(["[]", items]);
    const { reading } = this.noted;
    const note = (): void => {
      const now = this.noted.reading;
      this.noted.reading = reading;
      this.use(value, "whole", scope);
      this.noted.reading = now;
    };
    const isEmpty = !value.paths.length && !value.fields && !value.items;
    const whole = { value, note };
    return (
      (value.text ?? "") + (isEmpty ? "" : this.mark({ paths: value.paths, below: new Map(below), whole }))
    );
  }

  /** What is read from a text: the values that are in it, or what they hold. */
  public parsed({ text = "" }: Value): Value {
    const whole = this.marked(text).flatMap((mark) => mark.whole ?? []);
    const values = whole.map(({ value }) => value);
    // Where more than values is in it, each may be anywhere; of all the values together that says nothing.
    if (text.replace(markPattern, "").trim() !== "") {
      for (const { value, note } of whole) if (!this.isAll(value)) note();
    }
    const [only, ...others] = values;
    return { ...(others.length ? union(values) : (only ?? nothing)), yaml: text };
  }

  private isAll({ paths, fields }: Value): boolean {
    return [paths, ...[...(fields?.values() ?? [])].map((one) => one.paths)].flat().includes("");
  }

  private marked(text: string): Mark[] {
    return [...text.matchAll(markPattern)].flatMap(([, id]) => this.marks[Number(id)] ?? []);
  }

  /** What a text has of values as a whole is deployed with it. */
  private noteWhole(text: string): void {
    for (const { whole } of new Set(this.marked(text))) whole?.note();
  }

  private mark(mark: Mark): string {
    this.marks.push(mark);
    return `\u0001${this.marks.length - 1}\u0002`;
  }

  public use(value: Value, use: Use, scope: Scope): void {
    for (const path of value.paths) {
      // Of all the values each is one, and so is what the chart has none of.
      const all =
        path || use !== "whole" ? [path] : [...this.declared(""), "*"].map((name) => joinPath("", name));
      for (const one of all) this.noted.note(one, use, scope.needs);
    }
    if (use !== "whole") return;
    for (const inner of [...(value.fields?.values() ?? []), ...(value.items ?? [])])
      this.use(inner, use, scope);
  }
}

function started(dot: Value): Pick<Scope, "dot" | "variables"> {
  return { dot, variables: new Map([["$", { value: dot }]]) };
}

/** Texts with templates in values, with their paths. */
function templatesIn(value: unknown, path: string): { path: string; text: string }[] {
  if (typeof value === "string") return value.includes("{{") ? [{ path, text: value }] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => templatesIn(inner, joinPath(path, key)));
}

/** Of the files those that are templates themselves; which is asked for may not be known. */
function filesOf({ files }: ChartPackage): Value {
  const text = (name?: string): Value => ({
    paths: [],
    text:
      files.flatMap((file) => (name === undefined || file.path === name ? file.text : [])).join("\n") ||
      changedText,
  });
  const get: Value = { ...unknownText, call: ([name]) => text(name?.literal) };
  const some: Value = {
    paths: [],
    items: [text()],
    fields: new Map([["AsConfig", text()], ...unknownFields]),
  };
  return {
    paths: [],
    fields: new Map([["Get", get], ["Glob", { ...unknownText, call: () => some }], ...unknownFields]),
  };
}
