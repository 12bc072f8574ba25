import { type ChartPackage } from "./chart-package";
import { always, both, conditionKey, either, opposite, type Requirement } from "./requirement";
import {
  changedText,
  isExact,
  type Mark,
  markPattern,
  nothing,
  union,
  unknownFields,
  type Use,
  type Value,
} from "./template-value";
import { joinPath, splitPath } from "./value-path";
import { callFunction, type TemplateReader } from "./template-functions";
import {
  type Operand,
  parseTemplate,
  type Pipe,
  type TemplateNode,
  type TemplateTree,
} from "./template-tree";

/** One key that templates read. */
export interface Read {
  readonly uses: Set<Use>;
  /** When it is read. */
  needs: Requirement;
}

/** Everything that the templates of a chart and its subcharts read. */
export interface TemplateReads {
  /** By path: keys joined by dots, a dot in a key escaped, `*` for any key or item. */
  readonly reads: ReadonlyMap<string, Read>;
  /**
   * Paths that the notes read, or that stand as text in what a named template is given together with the chart's
   * context: some read the key of that name. They may be no keys at all. With when that is; the notes count as never, for
   * nothing of them is deployed.
   */
  readonly mentioned: ReadonlyMap<string, Requirement>;
  /** Paths of maps that are looked into where nothing says that they are there: in the place of one, null ends the rendering. */
  readonly entered: ReadonlySet<string>;
  /** The templates that could not be understood, each with the line where that was: what they read is not known. */
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
  const reader = new Reader();
  reader.define(chart, "", chart.name);
  const rendered = reader.render(chart, "", always);
  reader.narrow();
  return {
    reads: reader.reads,
    mentioned: reader.mentioned,
    entered: reader.entered,
    notUnderstood: reader.notUnderstood,
    rendered,
    marks: reader.marks,
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

interface Definition {
  readonly file: string;
  readonly nodes: readonly TemplateNode[];
}

// A template that includes itself goes as deep as the values that it is given: one level shows what it reads.
const mostLevels = 2;

class Reader implements TemplateReader<Scope> {
  public readonly reads = new Map<string, Read>();
  public readonly mentioned = new Map<string, Requirement>();
  public readonly entered = new Set<string>();
  public readonly marks: Mark[] = [];
  public readonly notUnderstood: string[] = [];
  private readonly definitions = new Map<string, Definition>();
  private readonly bodies = new Map<ChartPackage, Map<string, readonly TemplateNode[]>>();
  private readonly prefixes = new Set<string>();
  /** When templates take hold of a key, be it only to use it later, in another place. */
  private readonly taken = new Map<string, Requirement>();
  private noting = true;
  /** Path of the values of the chart whose files are gone through. */
  private rendering = "";
  /** Notes are rendered, and their checks may refuse values, but nothing of them is deployed. */
  private inNotes = false;

  /** Makes the named templates known: Helm shares them among all charts. */
  public define(chart: ChartPackage, prefix: string, folder: string): void {
    this.prefixes.add(prefix);
    const bodies = new Map<string, readonly TemplateNode[]>();
    this.bodies.set(chart, bodies);
    for (const { path, text } of chart.templates) {
      const file = `${folder}/${path}`;
      const parsed = this.parse(text, file);
      if (!parsed) continue;
      const { body, definitions } = parsed;
      bodies.set(path, body);
      for (const [name, nodes] of definitions) {
        const known = this.definitions.get(name);
        if (!known || wins(file, known.file)) this.definitions.set(name, { file, nodes });
      }
    }
    for (const { key, chart: subchart } of chart.subcharts) {
      this.define(subchart, joinPath(prefix, key), `${folder}/charts/${subchart.name}`);
    }
  }

  /** What reads a key, or the nearest above it. */
  private nearestRead(path: string): Read | undefined {
    const names = splitPath(path);
    for (let i = names.length; i > 0; i--) {
      const read = this.reads.get(names.slice(0, i).reduce(joinPath, ""));
      if (read) return read;
    }
    return undefined;
  }

  /** @param maybe whether it may be no template at all */
  private parse(text: string, file: string, maybe = false): TemplateTree | undefined {
    try {
      return parseTemplate(text, file);
    } catch (error) {
      if (!maybe) this.notUnderstood.push((error as Error).message);
      return undefined;
    }
  }

  public render(chart: ChartPackage, prefix: string, needs: Requirement): string[] {
    const dot = chartContext(chart, prefix);
    const rendered: string[] = [];
    for (const [path, body] of this.bodies.get(chart) ?? []) {
      // Files whose name begins with _ are rendered by nobody: they hold named templates.
      if (/(^|\/)_[^/]*$/.test(path)) continue;
      this.inNotes = path === "templates/NOTES.txt";
      this.rendering = prefix;
      rendered.push(
        this.nodes(body, { dot, variables: new Map([["$", { value: dot }]]), needs, within: [] }),
      );
      this.inNotes = false;
    }
    // A default may be a template itself, which is evaluated where its key is read.
    for (const { path, text } of templatesIn(chart.values, prefix)) {
      const body = this.parse(text, `${chart.name}/values.yaml`, true)?.body ?? [];
      const read = this.nearestRead(path)?.needs ?? needs;
      this.nodes(body, { dot, variables: new Map([["$", { value: dot }]]), needs: read, within: [] });
    }
    for (const { key, chart: subchart, condition } of chart.subcharts) {
      if (subchart.library) continue;
      const own = joinPath(prefix, key);
      const switchPath = condition && condition.split(".").reduce(joinPath, prefix);
      if (switchPath) this.note(switchPath, "test", needs);
      rendered.push(...this.render(subchart, own, switchPath ? both(needs, [[switchPath]]) : needs));
    }
    return rendered;
  }

  /** A value that a variable carries out of a branch is used only when the branch is taken. */
  public narrow(): void {
    for (const [path, read] of this.reads) {
      const taken = this.taken.get(path);
      if (taken) read.needs = both(read.needs, withoutOwn(taken, path));
    }
  }

  private nodes(nodes: readonly TemplateNode[], scope: Scope): string {
    const inner: Scope = { ...scope, variables: new Map(scope.variables) };
    return nodes.map((node) => this.node(node, inner)).join("");
  }

  private node(node: TemplateNode, scope: Scope): string {
    switch (node.kind) {
      case "text":
        return node.text;
      case "action": {
        const value = this.pipe(node.pipe, scope);
        return node.pipe.variables.length ? "" : this.print(value, scope);
      }
      case "template":
        return this.include(node.name, node.pipe ? this.pipe(node.pipe, scope) : nothing, scope);
      case "range":
        return this.range(node, scope);
      default: {
        let needs = scope.needs;
        return node.branches
          .map(({ pipe, body }) => {
            if (!pipe) return this.nodes(body, { ...scope, needs });
            const at = { ...scope, needs, variables: new Map(scope.variables) };
            const value = this.pipe(pipe, at);
            this.use(value, "test", at);
            const inside = { ...at, needs: both(needs, this.condition(pipe, at, true)) };
            needs = both(needs, this.condition(pipe, at, false));
            return this.nodes(body, node.kind === "with" ? { ...inside, dot: value } : inside);
          })
          .join("");
      }
    }
  }

  private range(node: Extract<TemplateNode, { kind: "range" }>, scope: Scope): string {
    const over = this.pipe({ ...node.pipe, variables: [] }, scope);
    this.use(over, node.pipe.variables.length > 1 ? "entries" : "each", scope);
    const needs = both(scope.needs, this.condition(node.pipe, scope, true));
    const key: Value = { paths: [], text: changedText };
    // The items of a list that a template wrote down differ; those of a value are all alike.
    const items = over.items?.length ? over.items : [this.field(over, "*")];
    const text = items.map((item) => {
      const variables = new Map(scope.variables);
      const [first, second] = node.pipe.variables;
      if (first) variables.set(first, { value: second ? key : item });
      if (second) variables.set(second, { value: item });
      return this.nodes(node.body, { ...scope, dot: item, variables, needs });
    });
    return text.join("") + this.nodes(node.otherwise, scope);
  }

  private pipe(pipe: Pipe, scope: Scope): Value {
    let value: Value | undefined;
    // A checksum of values makes none of them count: what they do, they do elsewhere.
    const noting = this.noting;
    if (pipe.commands.some(([first]) => first?.kind === "function" && /^sha\d+sum$/.test(first.name))) {
      this.noting = false;
    }
    for (const command of pipe.commands) value = this.command(command, value, scope);
    this.noting = noting;
    const result = value ?? nothing;
    for (const name of pipe.variables) {
      const known = scope.variables.get(name);
      // Whether the branch that assigns is taken is not known: it may be either.
      if (pipe.assigns && known) known.value = union([known.value, result]);
      else scope.variables.set(name, { value: result });
    }
    return result;
  }

  private command(operands: readonly Operand[], piped: Value | undefined, scope: Scope): Value {
    const [first, ...rest] = operands;
    if (!first) return piped ?? nothing;
    if (first.kind !== "function") return this.operand(first, scope);
    const { name } = first;
    if (name === "and" || name === "or") return this.logic(name, rest, piped, scope);
    const values = rest.map((operand) => this.operand(operand, scope));
    return callFunction(name, piped ? [...values, piped] : values, scope, this);
  }

  /** `and` and `or` look at what follows only when what went before does not decide. */
  private logic(
    name: "and" | "or",
    operands: readonly Operand[],
    piped: Value | undefined,
    scope: Scope,
  ): Value {
    let needs = scope.needs;
    const values = operands.map((operand) => {
      const value = this.operand(operand, { ...scope, needs });
      this.use(value, "test", { ...scope, needs });
      needs = both(needs, this.operandCondition(operand, scope, name === "and"));
      return value;
    });
    return { ...union(piped ? [...values, piped] : values), exact: false };
  }

  private operand(operand: Operand, scope: Scope): Value {
    const value = this.valueOf(operand, scope);
    // A variable on its own, and what comes out of parentheses, was taken hold of before.
    const takes = operand.kind === "dot" || (operand.kind === "variable" && operand.fields.length > 0);
    if (takes && this.noting && !this.inNotes) {
      for (const path of value.paths) {
        this.taken.set(path, either(this.taken.get(path) ?? [], scope.needs));
      }
    }
    return value;
  }

  private valueOf(operand: Operand, scope: Scope): Value {
    if (operand.kind === "literal")
      return { paths: [], literal: operand.text, ...(operand.string && { text: operand.text }) };
    if (operand.kind === "function") return callFunction(operand.name, [], scope, this);
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
    const [path] = value.paths;
    if (path === undefined || !isExact(value) || this.prefixes.has(path)) return;
    // What is on, or has a value, stands in a map that is there.
    const isThere = (condition: string): boolean =>
      !/^!|!~?=/.test(condition) && `${conditionKey(condition)}.`.startsWith(`${path}.`);
    if (!needs.every((all) => all.some(isThere))) this.entered.add(path);
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

  public include(name: string | undefined, dot: Value, scope: Scope): string {
    // A name that is put together is that of a file, included for its checksum: the file is gone through anyway.
    if (name === undefined) return changedText;
    if (scope.within.filter((one) => one === name).length >= mostLevels) return changedText;
    this.mention(dot, scope);
    const { nodes = [] } = this.definitions.get(name) ?? {};
    const variables = new Map([["$", { value: dot }]]);
    return this.nodes(nodes, { dot, variables, needs: scope.needs, within: [...scope.within, name] });
  }

  /** Bitnami's charts hand over which values may hold a password as a list of texts: `(list "auth.rootPassword")`. */
  private mention({ fields }: Value, { needs }: Scope): void {
    const given = [...(fields?.values() ?? [])];
    const contexts = given.flatMap((value) => value.fields?.get("Values")?.paths ?? []);
    const literals = given.flatMap((value) => [value, ...(value.items ?? [])]).map(({ literal }) => literal);
    for (const prefix of contexts) {
      for (const literal of literals) {
        if (literal === undefined || !/^[\w.-]+$/.test(literal)) continue;
        const keys = literal.split(".");
        this.mentionPath(
          keys.reduce((path, key) => this.below(path, key) ?? path, prefix),
          needs,
        );
      }
    }
  }

  private mentionPath(path: string, needs: Requirement): void {
    const known = this.mentioned.get(path) ?? [];
    this.mentioned.set(path, this.inNotes || !this.noting ? known : either(known, withoutOwn(needs, path)));
  }

  public print(value: Value, scope: Scope, use: Use = "value"): string {
    this.use(value, use, scope);
    const text = value.text ?? value.literal ?? "";
    return value.paths.length ? text + this.mark({ paths: value.paths, below: new Map() }) : text;
  }

  public printWhole(value: Value, scope: Scope): string {
    this.use(value, "whole", scope);
    const below = [...(value.fields ?? [])].map(([key, { paths }]): [string, readonly string[]] => [
      key,
      paths,
    ]);
    const items = (value.items ?? []).flatMap(({ paths }) => paths);
    if (items.length) below.push(["[]", items]);
    const marked = value.paths.length || below.some(([, paths]) => paths.length);
    return (value.text ?? "") + (marked ? this.mark({ paths: value.paths, below: new Map(below) }) : "");
  }

  /** The values whose YAML a text is. */
  public parsed(value: Value): Value {
    const marks = [...(value.text ?? "").matchAll(markPattern)].map(([, id]) => this.marks[Number(id)]);
    return { paths: [...new Set([...value.paths, ...marks.flatMap((mark) => mark?.paths ?? [])])] };
  }

  private mark(mark: Mark): string {
    this.marks.push(mark);
    return `\u0001${this.marks.length - 1}\u0002`;
  }

  public use(value: Value, use: Use, scope: Scope): void {
    for (const path of value.paths) this.note(path, use, scope.needs);
    if (use !== "whole") return;
    for (const inner of [...(value.fields?.values() ?? []), ...(value.items ?? [])])
      this.use(inner, use, scope);
  }

  private note(path: string, use: Use, needs: Requirement): void {
    if (!this.noting) return;
    this.noteRead(path, use, needs);
    if (!path.startsWith("global.")) return;
    // Helm hands what is global in the values of a subchart to it and to its subcharts: `database.global.imageRegistry`.
    const others = needs.map((all) => all.filter((one) => !conditionKey(one).startsWith("global.")));
    const charts = splitPath(this.rendering);
    for (const i of charts.keys()) {
      this.noteRead(`${charts.slice(0, i + 1).reduce(joinPath, "")}.${path}`, use, others);
    }
  }

  private noteRead(path: string, use: Use, needs: Requirement): void {
    if (this.inNotes) {
      if (use !== "whole") this.mentionPath(path, needs);
      return;
    }
    // A key that is asked for before it is read needs nothing of itself.
    const read = this.reads.get(path) ?? { uses: new Set(), needs: [] };
    read.uses.add(use);
    read.needs = either(read.needs, withoutOwn(needs, path));
    this.reads.set(path, read);
  }

  /** What must hold for the pipe to be true, or to be false. */
  private condition({ commands }: Pipe, scope: Scope, wanted: boolean): Requirement {
    const [[first, ...args] = [], [last] = [], ...rest] = commands;
    if (!first) return always;
    if (last) {
      // `.Values.a | not` and `.Values.a | empty`
      const turns = last.kind === "function" && /^(not|empty)$/.test(last.name) && !rest.length;
      return turns && !args.length ? this.operandCondition(first, scope, !wanted) : always;
    }
    if (first.kind !== "function") return args.length ? always : this.operandCondition(first, scope, wanted);
    const conditions = (sign: boolean): Requirement[] =>
      args.map((operand) => this.operandCondition(operand, scope, sign));
    switch (first.name) {
      case "not":
      case "empty":
        return args[0] ? this.operandCondition(args[0], scope, !wanted) : always;
      case "and":
      case "or":
        return (first.name === "and") === wanted
          ? conditions(wanted).reduce(both, always)
          : conditions(wanted).reduce(either, []);
      case "contains":
      case "eq":
      case "ne": {
        const values = args.map((operand) => this.quietly(() => this.operand(operand, scope)));
        // Which of two is the key is all the same, but for what is contained in what.
        const at = first.name === "contains" || values[0]?.literal !== undefined ? 1 : 0;
        const key = values[at];
        const literals = values.filter((_value, index) => index !== at);
        if (!key || !isExact(key) || literals.some(({ literal }) => literal === undefined)) return always;
        const sign = first.name === "contains" ? "~=" : "=";
        const equal = literals.map(({ literal }) => `${key.paths[0]}${sign}${literal}`);
        return (first.name !== "ne") === wanted
          ? equal.map((condition) => [condition])
          : [equal.map(opposite)];
      }
      default:
        return always;
    }
  }

  private operandCondition(operand: Operand, scope: Scope, wanted: boolean): Requirement {
    if (
      operand.kind === "pipe" &&
      !operand.fields.length &&
      operand.pipe.commands.some((c) => c.length > 1 || c[0]?.kind !== "dot")
    ) {
      return this.condition(operand.pipe, scope, wanted);
    }
    if (operand.kind === "function" || operand.kind === "literal") return always;
    const value = this.quietly(() => this.operand(operand, scope));
    if (!isExact(value)) return always;
    return [[wanted ? String(value.paths[0]) : `!${value.paths[0]}`]];
  }

  /** Looks at an operand a second time, to know what it is about: its reads are noted already. */
  private quietly<T>(look: () => T): T {
    const before = this.noting;
    this.noting = false;
    try {
      return look();
    } finally {
      this.noting = before;
    }
  }
}

/** Texts with templates in values, with their paths. */
function templatesIn(value: unknown, path: string): { path: string; text: string }[] {
  if (typeof value === "string") return value.includes("{{") ? [{ path, text: value }] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => templatesIn(inner, joinPath(path, key)));
}

/** What the templates of a chart have as their `.`: of what is known only when it is rendered, nothing. */
function chartContext(chart: ChartPackage, prefix: string): Value {
  const subcharts = chart.subcharts.map(
    ({ key, chart: subchart }) => [key, chartContext(subchart, joinPath(prefix, key))] as const,
  );
  const unknown = { paths: [], text: changedText, fields: unknownFields };
  const builtIn = ["Chart", "Release", "Capabilities", "Template", "Files"];
  return {
    paths: [],
    fields: new Map<string, Value>([
      ["Values", { paths: [prefix], exact: true }],
      ["Subcharts", { paths: [], fields: new Map(subcharts) }],
      ...builtIn.map((name) => [name, unknown] as const),
    ]),
  };
}

/** Which of two files that define the same name Helm listens to: the one nearer to the top, then the first by name. */
function wins(file: string, other: string): boolean {
  const depth = (path: string): number => path.split("/").length;
  return depth(file) !== depth(other) ? depth(file) < depth(other) : file < other;
}

function withoutOwn(needs: Requirement, path: string): Requirement {
  return needs.map((all) => all.filter((condition) => !about(condition, path)));
}

/** Whether a condition is about a key itself or one below it, or asks that one above it be there. */
function about(condition: string, path: string): boolean {
  const key = conditionKey(condition);
  // What is set is above nothing that is off.
  return key === path || key.startsWith(`${path}.`) || (path.startsWith(`${key}.`) && condition === key);
}
