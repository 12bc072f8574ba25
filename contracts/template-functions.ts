import { always, both, either, never, opposite, type Requirement } from "./requirement";
import {
  changedText,
  choice,
  constant,
  isExact,
  nothing,
  union,
  unknownFields,
  unknownText,
  type Use,
  type Value,
  whenEqual,
  whenOn,
} from "./template-value";

/** What functions need of what goes through the templates. */
export interface TemplateReader<Scope> {
  use(value: Value, use: Use, scope: Scope): void;
  field(value: Value, key: string): Value;
  /** What a map or a list has for a key that may be put together. */
  entry(value: Value, key: Value, scope: Scope): Value;
  /** A map but for some of its keys. */
  without(value: Value, keys: ReadonlySet<string>): Value;
  /** What is read of one value is read of another as well, which was put into it. */
  alias(value: Value, other: Value): void;
  print(value: Value, scope: Scope, use?: Use): string;
  printWhole(value: Value, scope: Scope): string;
  parsed(value: Value): Value;
  include(name: Value, dot: Value, scope: Scope): Value;
  /** What a text renders as a template. */
  evaluate(text: string, dot: Value, scope: Scope): Value;
}

/**
 * A template function of Helm, of sprig or of Go.
 *
 * @see https://helm.sh/docs/chart_template_guide/function_list/
 */
export interface TemplateFunction {
  /** What it makes of its arguments: which values are in what it returns, and how it uses them. */
  readonly call: Behaviour;
  /** It looks at its next argument only while those before are on (`and`) or off (`or`). @default - it looks at all of them */
  readonly goesOnWhile?: boolean;
  /** It makes of what it is given a text that only shows whether that changed, which is no use of it. @default false */
  readonly isDigest?: true;
}

type Behaviour = <Scope>(
  args: readonly Value[],
  reader: TemplateReader<Scope>,
  scope: Scope,
  name: string,
) => Value;

/** Uses its arguments and tells whether something is so. */
const asks =
  (
    use: Use,
    when: (args: readonly Value[], on: boolean, name: string) => Requirement = () => always,
  ): Behaviour =>
  (args, reader, scope, name) => {
    for (const value of args) reader.use(value, use, scope);
    return { paths: [], when: (on) => when(args, on, name) };
  };

/** Prints its arguments, as texts that follow each other. */
const prints =
  (use: Use, between = ""): Behaviour =>
  (args, reader, scope) => {
    const text = args.map((value) => reader.print(value, scope, use)).join(between);
    return known(text) ?? { paths: [], text };
  };

/** What is known of a number or a text that is made of a value. */
const converts =
  (use: Use, isOffWhenOff: boolean): Behaviour =>
  (args, reader, scope) => {
    const [value = nothing] = args;
    const when = (on: boolean): Requirement => (on && isOffWhenOff ? whenOn(value, true) : always);
    return { ...prints(use)(args, reader, scope, ""), same: value, when };
  };

const isList: Behaviour = (args) => ({ paths: [], items: args });
const itself: Behaviour = ([value = nothing]) => value;

/** One of its arguments, or what they are together. */
const passesOn: Behaviour = (args) => union(own(args));

/** Constants among the arguments are names of keys, or stand in for a value: neither is one of the chart's. */
function own(args: readonly Value[]): readonly Value[] {
  const values = args.filter(({ literal, paths }) => literal === undefined || paths.length);
  return values.length ? values : args;
}

/** The first argument that is on, else the last. */
const firstOn: Behaviour = (args) => {
  let needs = always;
  const oneOf = args.map((value, i) => {
    const here = i < args.length - 1 ? both(needs, whenOn(value, true)) : needs;
    needs = both(needs, whenOn(value, false));
    return { needs: here, value };
  });
  return choice(oneOf, union(own(args)));
};

const merges: Behaviour = ([into = nothing, ...others], reader) => {
  for (const other of others) reader.alias(into, other);
  return union(own([into, ...others]));
};

const changes: Behaviour = (args, reader, scope) => {
  const text = args.map((value) => reader.print(value, scope, "value")).join(changedText) + changedText;
  // Where its lines stand says nothing any more.
  return { paths: [], text: text.replaceAll("\n", changedText) };
};

const printsWhole: Behaviour = ([value = nothing], reader, scope) => ({
  paths: [],
  text: reader.printWhole(value, scope),
  when: (on) => whenOn(value, on),
});

const indents: Behaviour = (args, reader, scope, name) => {
  const [width = nothing, value = nothing] = [args[0], args.at(-1)];
  const spaces = " ".repeat(Number(width.literal ?? 0));
  const lines = reader.print(value, scope).replaceAll("\n", `\n${spaces}`);
  return { paths: [], text: (name === "nindent" ? "\n" : "") + spaces + lines };
};

const formats: Behaviour = (args, reader, scope) => {
  const [format = nothing, ...values] = args;
  if (format.literal === undefined) return changes(args, reader, scope, "");
  const texts = values.map((value) => reader.print(value, scope, "value"));
  const text = format.literal.replace(/%(%|[-+# 0-9.]*([a-zA-Z]))/g, (_, what: string, verb: string) => {
    if (what === "%") return "%";
    const one = texts.shift() ?? "";
    return verb === "q" ? `"${one}"` : one;
  });
  return known(text) ?? { paths: [], text: text + changedText };
};

/** A text that is made of constants alone. */
function known(text: string): Value | undefined {
  return /[\u0001-\u0003]/.test(text) ? undefined : constant(text);
}

const equals = (args: readonly Value[], equal: boolean): Requirement => {
  // Which of two is the key is all the same.
  const [key = nothing, ...others] = args[0]?.literal === undefined ? args : [...args.slice(1), args[0]];
  if (others.some(({ literal }) => literal === undefined)) return always;
  const each = others.map(({ literal = "" }) => whenEqual(key, literal, equal));
  return equal ? each.reduce(either, never) : each.reduce(both, always);
};

/** Whether a number is at least something, as far as keys that are on, or that are not one number, say so. */
const exceeds = ([a = nothing, b = nothing]: readonly Value[], on: boolean, name: string): Requirement => {
  const isTurned = b.literal === undefined;
  const [value, limit] = isTurned ? [b, Number(a.literal)] : [a, Number(b.literal)];
  const opposites = { gt: "le", ge: "lt", lt: "ge", le: "gt" } as const;
  const turned = { gt: "lt", ge: "le", lt: "gt", le: "ge" } as const;
  const sign = isTurned ? turned[name as keyof typeof turned] : (name as keyof typeof turned);
  const says = on ? sign : opposites[sign];
  const least = says === "gt" ? limit + 1 : limit;
  if (!says.startsWith("g") || !(least >= 1)) return always;
  const isNotLess =
    least === Math.floor(least) && least > 1 ? whenEqual(value, String(least - 1), false) : always;
  return both(whenOn(value, true), isNotLess);
};

const has: (text: Value, part: Value, on: boolean) => Requirement = (text, part, on) => {
  if (part.literal === undefined || !isExact(text)) return always;
  const condition = `${text.paths[0]}~=${part.literal}`;
  return [[on ? condition : opposite(condition)]];
};

/** What functions do, by their names. */
const behaviours: readonly (readonly [
  names: string,
  call: Behaviour,
  more?: Pick<TemplateFunction, "goesOnWhile" | "isDigest">,
])[] = [
  // What is asked.
  ["and", (args) => ({ ...union(args), when: (on) => ofAll(args, on, on) }), { goesOnWhile: true }],
  ["or", (args) => ({ ...union(args), when: (on) => ofAll(args, on, !on) }), { goesOnWhile: false }],
  ["not empty", asks("test", ([value = nothing], on) => whenOn(value, !on))],
  ["len", asks("test", ([value = nothing], on) => whenOn(value, on))],
  ["any", asks("test", (args, on) => ofAll(args, on, !on))],
  ["all", asks("test", (args, on) => ofAll(args, on, on))],
  ["eq", asks("value", equals)],
  ["ne", asks("value", (args, on) => equals(args, !on))],
  ["gt ge lt le", asks("value", exceeds)],
  ["contains", asks("value", ([part = nothing, text = nothing], on) => has(text, part, on))],
  [
    "hasPrefix hasSuffix",
    asks("value", ([part = nothing, text = nothing], on) => (on ? has(text, part, on) : always)),
  ],
  [
    "has mustHas",
    asks("value", ([value = nothing, list], on) =>
      list?.items ? equals([value, ...list.items], on) : always,
    ),
  ],
  [
    "kindIs typeIs typeIsLike",
    ([kind, value = nothing], reader, scope) => {
      const asked = kind?.literal ?? "";
      const use = /^(slice|\[\])/.test(asked) ? "list" : /^map/.test(asked) ? "map" : "test";
      reader.use(value, use, scope);
      return { paths: [], when: (on) => (on && kind?.literal === "invalid" ? whenOn(value, false) : always) };
    },
  ],
  [
    "join",
    (args, reader, scope, name) => {
      reader.use(args.at(-1) ?? nothing, "one", scope);
      return changes(args, reader, scope, name);
    },
  ],
  [
    "without mustWithout",
    ([list = nothing, ...others], reader, scope) => {
      for (const other of others) reader.use(other, "value", scope);
      return passesOn([list], reader, scope, "");
    },
  ],
  [
    "kindOf typeOf",
    (args, reader, scope) => ({ ...asks("test")(args, reader, scope, ""), text: changedText }),
  ],
  ["deepEqual isAbs osIsAbs regexMatch mustRegexMatch semver semverCompare", asks("value")],
  [
    "hasKey",
    ([map = nothing, key = nothing], reader, scope) => {
      reader.use(reader.entry(map, key, scope), "test", scope);
      return nothing;
    },
  ],
  // Maps and lists.
  [
    "dict",
    (args, reader, scope) => {
      const fields = new Map<string, Value>();
      for (let i = 0; i + 1 < args.length; i += 2) {
        const { literal } = args[i] ?? nothing;
        if (literal === undefined) reader.use(args[i] ?? nothing, "value", scope);
        fields.set(literal ?? "*", args[i + 1] ?? nothing);
      }
      return { paths: [], fields };
    },
  ],
  [
    "set",
    ([map = nothing, key = nothing, value = nothing], reader, scope) => {
      (map.fields as Map<string, Value> | undefined)?.set(key.literal ?? "*", value);
      if (map.paths.length) reader.alias(reader.entry(map, key, scope), value);
      return map;
    },
  ],
  [
    "index get",
    ([value = nothing, ...keys], reader, scope) =>
      keys.reduce((at, key) => reader.entry(at, key, scope), value),
  ],
  [
    "dig",
    (args, reader, scope) => {
      const [value = nothing, otherwise = nothing] = args.slice(-2).reverse();
      const inner = args.slice(0, -2).reduce((at, key) => reader.entry(at, key, scope), value);
      const oneOf = [
        { needs: always, value: inner },
        { needs: whenOn(inner, false), value: otherwise },
      ];
      return choice(oneOf, union(own([inner, otherwise])));
    },
  ],
  [
    "pluck",
    ([key = nothing, ...maps], reader, scope) => ({
      paths: [],
      items: maps.map((map) => reader.entry(map, key, scope)),
    }),
  ],
  [
    "first mustFirst last mustLast",
    ([value = nothing], reader) => ({ ...reader.field(value, "*"), exact: false }),
  ],
  [
    "keys",
    (args, reader, scope) => ({ ...asks("entries", ofAny)(args, reader, scope, ""), text: changedText }),
  ],
  ["list tuple", isList],
  [
    "append mustAppend push mustPush prepend mustPrepend",
    ([list = nothing, ...added]) => ({ ...list, items: [...(list.items ?? []), ...added], exact: false }),
  ],
  ["unset", itself],
  [
    "deepCopy mustDeepCopy",
    ([value = nothing]) => ({ ...value, ...(value.fields && { fields: new Map(value.fields) }) }),
  ],
  ["merge mustMerge mergeOverwrite mustMergeOverwrite", merges],
  [
    "omit",
    ([map = nothing, ...keys], reader) =>
      reader.without(map, new Set(keys.flatMap(({ literal }) => literal ?? []))),
  ],
  [
    "pick",
    (args, reader, scope, name) => {
      const [map = nothing, ...keys] = args;
      const names = keys.flatMap(({ literal }) => literal ?? []);
      if (names.length < keys.length) return passesOn(args, reader, scope, name);
      return { paths: [], fields: new Map(names.map((key) => [key, reader.field(map, key)])) };
    },
  ],
  [
    "values concat uniq mustUniq compact mustCompact sortAlpha reverse mustReverse rest mustRest " +
      "initial mustInitial slice mustSlice chunk mustChunk shuffle toStrings",
    passesOn,
  ],
  // One of several.
  ["default", ([otherwise = nothing, value = nothing], ...rest) => firstOn([value, otherwise], ...rest)],
  ["coalesce", firstOn],
  ["required", (args) => args.at(-1) ?? nothing],
  [
    "ternary",
    ([yes = nothing, no = nothing, condition = nothing], reader, scope) => {
      reader.use(condition, "test", scope);
      return choice([
        { needs: whenOn(condition, true), value: yes },
        { needs: whenOn(condition, false), value: no },
      ]);
    },
  ],
  // Templates.
  ["include", ([name = nothing, dot = nothing], reader, scope) => reader.include(name, dot, scope)],
  [
    "tpl",
    ([template = nothing, dot = nothing], reader, scope) =>
      reader.evaluate(reader.print(template, scope), dot, scope),
  ],
  // Texts.
  [
    "toYaml toYamlPretty toJson toRawJson toPrettyJson mustToJson mustToRawJson mustToPrettyJson toToml",
    printsWhole,
  ],
  [
    "fromYaml fromYamlArray fromJson fromJsonArray mustFromJson fromToml",
    ([text = nothing], reader) => reader.parsed(text),
  ],
  ["indent nindent", indents],
  [
    "quote squote",
    (args, reader, scope) => ({
      paths: [],
      text: args.map((value) => reader.print(value, scope, "text")).join(""),
      when: (on) => (on ? always : never),
    }),
  ],
  ["toString", converts("text", false)],
  ["int int64 float64", converts("number", true)],
  ["atoi toDecimal", converts("value", true)],
  ["print println", prints("value")],
  ["cat", prints("value", " ")],
  [
    "trim",
    ([value = nothing], reader, scope) => ({
      paths: [],
      text: reader.print(value, scope, "value").trim(),
      ...(value.oneOf && {
        oneOf: value.oneOf.map(({ needs, value: one }) => ({
          needs,
          value: one.literal === undefined ? one : constant(one.literal.trim()),
        })),
      }),
    }),
  ],
  ["printf", formats],
  ["adler32sum sha1sum sha256sum sha512sum", () => unknownText, { isDigest: true }],
  // It ends the rendering: what it says is part of nothing.
  ["fail", (args, reader, scope) => ({ ...asks("value")(args, reader, scope, ""), ...constant("") })],
  // What is known only in a cluster.
  ["lookup", (args, reader, scope) => ({ ...changes(args, reader, scope, ""), fields: unknownFields })],
  // Texts and numbers that are none of the values.
  [
    "abbrev abbrevboth add add1 add1f addf ago b32dec b32enc b64dec b64enc base bcrypt biggest buildCustomCert call camelcase " +
      "ceil clean date dateInZone dateModify date_in_zone date_modify decryptAES derivePassword dir div divf duration " +
      "durationRound encryptAES ext floor genCA genCAWithKey genPrivateKey genSelfSignedCert genSelfSignedCertWithKey " +
      "genSignedCert genSignedCertWithKey getHostByName hello html htmlDate htmlDateInZone htpasswd initials js kebabcase " +
      "lower max maxf min minf mod mul mulf mustDateModify mustRegexFind mustRegexFindAll mustRegexReplaceAll " +
      "mustRegexReplaceAllLiteral mustRegexSplit mustToDate must_date_modify nospace now osBase osClean osDir osExt plural " +
      "randAlpha randAlphaNum randAscii randBytes randInt randNumeric regexFind regexFindAll regexQuoteMeta regexReplaceAll " +
      "regexReplaceAllLiteral regexSplit repeat replace round seq snakecase split splitList splitn sub subf substr swapcase " +
      "title toDate trimAll trimPrefix trimSuffix trimall trunc unixEpoch until untilStep untitle upper urlJoin urlParse " +
      "urlquery uuidv4 wrap wrapWith",
    changes,
  ],
];

function ofAll(args: readonly Value[], on: boolean, isEach: boolean): Requirement {
  const each = args.map((value) => whenOn(value, on));
  return isEach ? each.reduce(both, always) : each.reduce(either, never);
}

function ofAny(args: readonly Value[], on: boolean): Requirement {
  return ofAll(args, on, !on);
}

/** Every function that templates have, by name. */
export const templateFunctions: ReadonlyMap<string, TemplateFunction> = new Map(
  behaviours.flatMap(([names, call, more]) =>
    names.split(" ").map((name): [string, TemplateFunction] => [name, { call, ...more }]),
  ),
);

/** One that nobody has uses all its arguments, and returns a text that is none of them. */
export function templateFunction(name: string): TemplateFunction {
  return templateFunctions.get(name) ?? { call: changes };
}
