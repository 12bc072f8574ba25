import { changedText, markPattern, nothing, union, type Use, type Value } from "./template-value";

/** What functions need of what goes through the templates. */
export interface TemplateReader<Scope> {
  use(value: Value, use: Use, scope: Scope): void;
  field(value: Value, key: string): Value;
  print(value: Value, scope: Scope, use?: Use): string;
  printWhole(value: Value, scope: Scope): string;
  parsed(value: Value): Value;
  include(name: string | undefined, dot: Value, scope: Scope): string;
}

/** Functions that do the same with their arguments, as far as it matters here, by what that is. */
const alike: { readonly [behaviour: string]: RegExp } = {
  "is a list": /^(list|tuple)$/,
  "looks up": /^(index|get|dig)$/,
  "prints whole": /^to(Yaml|YamlPretty|Json|RawJson|PrettyJson|Toml)$/,
  parses: /^from(Yaml|YamlArray|Json)$/,
  indents: /^n?indent$/,
  quotes: /^(s?quote|toString)$/,
  prints: /^(int|int64|float64|print|trim)$/,
  "takes an item": /^(first|last)$/,
  adds: /^(append|prepend)$/,
  "passes on":
    /^(default|coalesce|required|values|omit|pick|concat|uniq|compact|sortAlpha|without|reverse|rest|initial|slice|(must)?([mM]erge(Overwrite)?|[dD]eepCopy))$/,
  tests: /^(not|empty|kindIs|typeIs|kindOf|typeOf|len)$/,
  compares: /^(eq|ne|lt|le|gt|ge)$/,
  digests: /^sha(256|1)sum$/,
};

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
  const [first = nothing] = args;
  switch (Object.keys(alike).find((behaviour) => alike[behaviour]?.test(name)) ?? name) {
    case "dict": {
      const fields = new Map<string, Value>();
      for (let i = 0; i + 1 < args.length; i += 2) {
        if (text(i) === undefined) reader.use(args[i] ?? nothing, "value", scope);
        fields.set(text(i) ?? "*", args[i + 1] ?? nothing);
      }
      return { paths: [], fields };
    }
    case "set":
      (first.fields as Map<string, Value> | undefined)?.set(text(1) ?? "*", args[2] ?? nothing);
      return first;
    case "is a list":
      return { paths: [], items: args };
    case "looks up": {
      const [holder, keys] = name === "dig" ? [args.at(-1), args.slice(0, -2)] : [first, args.slice(1)];
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
      reader.use(reader.field(first, text(1) ?? "*"), "test", scope);
      return nothing;
    case "include":
      return { paths: [], text: reader.include(text(0), args[1] ?? nothing, scope) };
    case "tpl": {
      // A value that is a template itself, perhaps with some text of the chart's around it.
      const marks = new Set(reader.print(first, scope).match(markPattern));
      return { paths: [], text: marks.size ? [...marks].join("") : changedText };
    }
    case "prints whole":
      return { paths: [], text: reader.printWhole(first, scope) };
    case "parses":
      return reader.parsed(first);
    case "indents": {
      const width = Number(text(0) ?? 0);
      const lines = reader.print(args.at(-1) ?? nothing, scope).replaceAll("\n", `\n${" ".repeat(width)}`);
      return { paths: [], text: (name === "nindent" ? "\n" : "") + " ".repeat(width) + lines };
    }
    case "quotes":
      return { paths: [], text: args.map((value) => reader.print(value, scope, "text")).join("") };
    case "prints":
      return { paths: [], text: args.map((value) => reader.print(value, scope)).join("") };
    case "takes an item":
      return { ...reader.field(first, "*"), exact: false };
    case "adds":
      return { ...first, items: [...(first.items ?? []), ...args.slice(1)], exact: false };
    case "passes on": {
      // Constants among the arguments are names of keys, or stand in for a value: neither is one of the chart's.
      const own = args.filter(({ literal, paths }) => literal === undefined || paths.length);
      return { ...union(own.length ? own : args), exact: false };
    }
    case "ternary":
      reader.use(args[2] ?? nothing, "test", scope);
      return { ...union(args.slice(0, 2)), exact: false };
    case "tests":
      for (const value of args) reader.use(value, "test", scope);
      return nothing;
    case "keys":
      for (const value of args) reader.use(value, "entries", scope);
      return { paths: [], text: changedText };
    case "compares":
      for (const value of args) reader.use(value, "value", scope);
      return nothing;
    case "digests":
      reader.print(first, scope);
      return { paths: [], text: changedText };
    default:
      return {
        paths: [],
        text: args.map((value) => reader.print(value, scope)).join(changedText) + changedText,
      };
  }
}
