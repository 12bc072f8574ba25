import type { Use } from "./template-use";

import { changedText, markPattern, nothing, union, type Value } from "./template-value";

/** What functions need of what goes through the templates. */
export interface TemplateReader<Scope> {
  use(value: Value, use: Use, scope: Scope): void;
  field(value: Value, key: string): Value;
  print(value: Value, scope: Scope): string;
  printWhole(value: Value, scope: Scope): string;
  parsed(value: Value): Value;
  include(name: string | undefined, dot: Value, scope: Scope): string;
}

/**
 * What a template function makes of its arguments: which values are in what it returns, and how it uses them.
 *
 * A function that is not named here uses all its arguments and returns a text that is none of them.
 *
 * @see https://helm.sh/docs/chart_template_guide/function_list/
 */
export function callFunction<Scope>(
  name: string,
  args: readonly Value[],
  scope: Scope,
  reader: TemplateReader<Scope>,
): Value {
  const text = (index: number): string | undefined => args[index]?.literal;
  switch (name) {
    case "dict": {
      const fields = new Map<string, Value>();
      for (let i = 0; i + 1 < args.length; i += 2) {
        if (text(i) === undefined) reader.use(args[i] ?? nothing, "value", scope);
        fields.set(text(i) ?? "*", args[i + 1] ?? nothing);
      }
      return { paths: [], fields };
    }
    case "set": {
      const [target = nothing, , value = nothing] = args;
      (target.fields as Map<string, Value> | undefined)?.set(text(1) ?? "*", value);
      return target;
    }
    case "list":
    case "tuple":
      return { paths: [], items: args };
    case "index":
    case "get":
    case "dig": {
      const [holder, keys] = name === "dig" ? [args.at(-1), args.slice(0, -2)] : [args[0], args.slice(1)];
      const inner = keys.reduce<Value>((value, key) => {
        if (key.literal === undefined) reader.use(key, "value", scope);
        return reader.field(
          value,
          key.literal === undefined || /^\d+$/.test(key.literal) ? "*" : key.literal,
        );
      }, holder ?? nothing);
      return name === "dig" ? { ...union([inner, args.at(-2) ?? nothing]), exact: false } : inner;
    }
    case "hasKey":
      reader.use(reader.field(args[0] ?? nothing, text(1) ?? "*"), "test", scope);
      return nothing;
    case "include":
      return { paths: [], text: reader.include(text(0), args[1] ?? nothing, scope) };
    case "tpl": {
      // A value that is a template itself, perhaps with some text of the chart's around it.
      const marks = new Set(reader.print(args[0] ?? nothing, scope).match(markPattern));
      return { paths: [], text: marks.size ? [...marks].join("") : changedText };
    }
    case "toYaml":
    case "toYamlPretty":
    case "toJson":
    case "toRawJson":
    case "toPrettyJson":
    case "toToml":
      return { paths: [], text: reader.printWhole(args[0] ?? nothing, scope) };
    case "fromYaml":
    case "fromYamlArray":
    case "fromJson":
      return reader.parsed(args[0] ?? nothing);
    case "nindent":
    case "indent": {
      const width = Number(text(0) ?? 0);
      const lines = reader.print(args.at(-1) ?? nothing, scope).replaceAll("\n", `\n${" ".repeat(width)}`);
      return { paths: [], text: (name === "nindent" ? "\n" : "") + " ".repeat(width) + lines };
    }
    case "quote":
    case "squote":
    case "toString":
    case "int":
    case "int64":
    case "float64":
    case "print":
    case "trim":
      return { paths: [], text: args.map((value) => reader.print(value, scope)).join("") };
    case "default":
    case "coalesce":
    case "merge":
    case "mergeOverwrite":
    case "mustMerge":
    case "mustMergeOverwrite":
    case "concat":
    case "append":
    case "prepend":
    case "deepCopy":
    case "mustDeepCopy":
    case "omit":
    case "pick":
    case "uniq":
    case "compact":
    case "sortAlpha":
    case "without":
    case "reverse":
    case "first":
    case "last":
    case "rest":
    case "initial":
    case "slice":
    case "required":
    case "values": {
      const [only] = args;
      if (name === "first" || name === "last") return { ...reader.field(only ?? nothing, "*"), exact: false };
      if (name === "append" || name === "prepend") {
        const [list = nothing, ...added] = args;
        return { ...list, paths: list.paths, items: [...(list.items ?? []), ...added], exact: false };
      }
      // Constants among the arguments are names of keys, or stand in for a value: neither is one of the chart's.
      const own = args.filter(({ literal, paths }) => literal === undefined || paths.length);
      return { ...union(own.length ? own : args), exact: false };
    }
    case "ternary":
      reader.use(args[2] ?? nothing, "test", scope);
      return { ...union(args.slice(0, 2)), exact: false };
    case "not":
    case "empty":
    case "kindIs":
    case "typeIs":
    case "kindOf":
    case "typeOf":
    case "len":
      for (const value of args) reader.use(value, "test", scope);
      return nothing;
    case "keys":
      for (const value of args) reader.use(value, "entries", scope);
      return { paths: [], text: changedText };
    case "eq":
    case "ne":
    case "lt":
    case "le":
    case "gt":
    case "ge":
      for (const value of args) reader.use(value, "value", scope);
      return nothing;
    case "sha256sum":
    case "sha1sum":
      reader.print(args[0] ?? nothing, scope);
      return { paths: [], text: changedText };
    default:
      return {
        paths: [],
        text: args.map((value) => reader.print(value, scope)).join(changedText) + changedText,
      };
  }
}
