import { isMap } from "../../settings/yaml-file";
import { printable } from "../terminal/printable";
import { createHmac, randomBytes } from "node:crypto";
import { fieldAt, type Fields, type KubernetesObject } from "../cluster/kubernetes-object";

/** Names of keys and variables that hold a credential; `secretName` and the like, which hold the name of one, are not. */
const credentialName =
  /(passwords?|passwd|pwd|(^|[-_.])pass|passphrase|secret|token|credentials?|authorization|cookie|(api|access|private|master|encryption|signing|creds)[-_]?keys?|_key|_iv)$/i;
const credentialLine = /^([ \t]*(?:-[ \t]+|export[ \t]+)?["']?([\w.-]+)["']?[ \t]*[:=][ \t]*)(\S.*)?$/;
/** Members of JSON, and of YAML in braces. */
const quotedPair = /((["']?)([\w.-]+)\2[ \t]*:[ \t]*)(["'])((?:\\.|(?!\4)[^\\\n])*)\4/g;
const barePair = /([{,][ \t]*([\w.-]+)[ \t]*:[ \t]+)([^\s"',{}[\]][^,}\]\n]*)/g;
/** A list of JSON, and of YAML in brackets, with its items. */
const quotedList = /((["']?)([\w.-]+)\2[ \t]*:[ \t]*\[)([^[\]\n]+)(?=\])/g;
const item = /(["'])((?:\\.|(?!\1)[^\\])*)\1|[^\s,"']+/g;
/** With a slash in the password, if that is no path behind a port. */
const passwordInUrl = /([a-z][\w+.-]*:\/\/[^\s:/@]*:)((?!\d+\/)[^\s/@]*\/[^\s@]*|[^\s/]+)(?=@)/gi;
/** Somewhere in a line: a command's arguments, the query of an address, a connection string, what loggers write. */
const assignment = /((?:--?)?([\w.-]+)=)("[^"\n]*"|'[^'\n]*'|(?!\(hidden )[^\s"';&,]+)/g;
const argument = /((--[\w-]+)[ \t]+)("[^"\n]*"|'[^'\n]*'|(?!-|\(hidden )[^\s"']+)/g;
/** Of an Authorization header, wherever it is quoted. */
const bearer = /\b((?:Bearer|Basic)[ \t]+)((?=[^\s"',]*\d)[\w.~+/=-]{8,})/gi;
/** A value that is a reference and nothing else, or no secret whatever its name. */
const harmless =
  /^((?:(?:Bearer|Basic|Token)\s+)?(\$\([\w.-]+\)|\$\{[\w.-]+\})|true|false|null|none|yes|no|\d{1,4})?$/i;
/** What the lines below belong to: a block of YAML, or what has its members there. */
const opening = /^(?:[|>][-+\d]*|[{[])?$/;
/** The same with what YAML may write around it, which may as well be a secret that looks like it. */
const mayOpen = /^(?:[!&]\S*(?:[ \t]+|$))*(?:[|>][-+\d]*|[{[])?[ \t]*(?:#.*)?$/;

/** An annotation of kubectl that repeats the whole object, Secret data included. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/** From this length on a value of a Secret is looked for everywhere: a shorter one may be an ordinary word. */
const secretLength = 16;

/**
 * Replaces secret values by a short hash whose key is random and new for each report: equal values are equal within a
 * report, and nothing can be looked up in a table or compared with another report.
 */
export class Masker {
  /** Values that must not be shown, and what is shown instead. */
  private readonly known = new Map<string, string>();

  constructor(private readonly key: Buffer = randomBytes(32)) {}

  /** What is shown instead of a value. */
  public hash(value: string): string {
    return `(hidden ${createHmac("sha256", this.key).update(value).digest("hex").slice(0, 8)})`;
  }

  /** Hides a value wherever it occurs, in clear and in base64; of one with many lines each long one, too. */
  public learn(value: string): void {
    const lines = value.split("\n").filter((line) => line.length >= secretLength);
    for (const part of new Set([value, ...lines])) {
      if (part.trim() === "") continue;
      for (const written of writings(part)) this.known.set(written, this.hash(part));
    }
  }

  /**
   * The same for credentials, but for a short word: it is no secret, and what is written here anyway would show by what is
   * hidden.
   */
  public learnCredentials(values: readonly string[]): void {
    const mixed = (value: string): boolean => value.length >= 8 && /\d/.test(value) && /[a-z]/i.test(value);
    for (const value of values) if (value.length >= secretLength || mixed(value)) this.learn(value);
  }

  /** An object without secret values: Secret data, credentials in environment variables and in ConfigMaps. */
  public object(object: KubernetesObject): KubernetesObject {
    const { [lastApplied]: dropped, ...annotations } = (object.metadata.annotations ?? {}) as Fields;
    void dropped;
    const metadata = object.metadata.annotations
      ? { ...object.metadata, annotations: this.fields(annotations) }
      : object.metadata;
    if (object.kind === "Secret") return this.secret({ ...object, metadata });
    return { ...(this.fields(object) as KubernetesObject), metadata };
  }

  /** Any value, with what {@link learn} was told hidden in every text of it. */
  public everywhere<Value>(value: Value): Value {
    if (typeof value === "string") return this.text(value) as Value;
    if (Array.isArray(value)) return value.map((item) => this.everywhere(item as unknown)) as Value;
    if (!isMap(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [this.text(key), this.everywhere(inner)]),
    ) as Value;
  }

  /** A text with what {@link learn} was told hidden. */
  public text(text: string): string {
    // The longest first: one secret may be the beginning of another.
    const values = [...this.known].sort(([a], [b]) => b.length - a.length);
    return values.reduce((shown, [value, hash]) => shown.replaceAll(value, hash), text);
  }

  /** What a program has logged, with what {@link learn} was told hidden, and every line that looks like a credential. */
  public log(text: string): string {
    // What breaks a secret in two would hide it from this, and not from a reader.
    return this.text(this.lines(printable(text)));
  }

  /** A value of the plan, with what Terraform marks as sensitive hidden. */
  public sensitive(value: unknown, marks: unknown): unknown {
    if (marks === true) {
      if (value === null || value === undefined || value === "") return value;
      const text = typeof value === "string" ? value : JSON.stringify(value);
      if (text.length >= 4) this.learn(text);
      return this.hash(text);
    }
    if (Array.isArray(value)) return value.map((item, i) => this.sensitive(item, (marks as unknown[])?.[i]));
    if (!isMap(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, this.sensitive(inner, fieldAt(marks, key))]),
    );
  }

  /** Both ways of writing a Secret's data, as one: what counts is the value. */
  private secret({ data, stringData, ...rest }: KubernetesObject): KubernetesObject {
    const decoded = Object.entries((data ?? {}) as Fields).map(
      ([key, value]) => [key, Buffer.from(String(value ?? ""), "base64").toString()] as const,
    );
    const clear = Object.entries((stringData ?? {}) as Fields).map(
      ([key, value]) => [key, String(value ?? "")] as const,
    );
    const values = [...decoded, ...clear];
    if (values.length === 0) return rest;
    for (const [, value] of values) if (value.length >= secretLength) this.learn(value);
    return { ...rest, data: Object.fromEntries(values.map(([key, value]) => [key, this.hash(value)])) };
  }

  /** A credential by its name: `password: …`, `{ name: API_KEY, value: … }`, and lines like these inside a text. */
  private fields(value: unknown, name = ""): unknown {
    if (typeof value === "string") return this.credential(name, value) ?? this.lines(value);
    if (Array.isArray(value)) {
      // A command has the value of an option behind it, unless another option follows.
      const isOption = (item: unknown): item is string =>
        typeof item === "string" && /^--?[\w-]+$/.test(item);
      return value.map((item: unknown, i) => {
        const before: unknown = value[i - 1];
        const isNext = isOption(item) && item.startsWith("--");
        return this.fields(item, isOption(before) && !isNext ? before : name);
      });
    }
    if (!isMap(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const named = key === "value" && typeof value.name === "string" ? value.name : key;
        return [key, this.fields(inner, named)];
      }),
    );
  }

  private credential(name: string, value: string): string | undefined {
    return !credentialName.test(name) || harmless.test(value) ? undefined : this.hidden(value);
  }

  /** Hides a secret at its place, and one that is long enough wherever else it occurs. */
  private hidden(value: string): string {
    if (value.length >= secretLength) this.learn(value);
    return this.hash(value);
  }

  /** Also of a value that stands on the lines below its name, deeper than that, and of JSON in one line. */
  private lines(text: string): string {
    /** How deep the name stands whose value is below, and whether all is its value, whatever it looks like. */
    let below: { readonly depth: number; readonly whole: boolean } | undefined;
    const shown = text.split("\n").map((line) => {
      const [, start = "", name = "", value = ""] = credentialLine.exec(line) ?? [];
      const depth = line.search(/[^ \t]|$/);
      if (below && line.trim() !== "") {
        const [, mark = "", inner = ""] = /^([ \t]*(?:-[ \t]+)?)(.*)$/.exec(line) ?? [];
        if (depth < below.depth || (depth === below.depth && !/-[ \t]/.test(mark))) below = undefined;
        else if (below.whole) return `${mark}${this.hidden(inner)}`;
        else if (name === "" && !/^[ \t]*[\]}],?$/.test(line)) {
          return `${mark}${this.credential("secret", bare(inner)) ?? inner}`;
        }
      }
      const isCredential = credentialName.test(name);
      const unclosed = /^(["'])(?!.*\1,?$)/.test(value);
      if (isCredential && (unclosed || mayOpen.test(value))) {
        below = { depth, whole: unclosed || /[|>]/.test(value) };
      }
      if (opening.test(value)) return line;
      const hidden = this.credential(name, bare(value));
      return hidden === undefined ? line : `${start}${hidden}`;
    });
    return shown
      .join("\n")
      .replace(
        quotedPair,
        (pair, start: string, _quotes: string, name: string, quote: string, value: string) => {
          const hidden = this.credential(name, value);
          return hidden === undefined ? pair : `${start}${quote}${hidden}${quote}`;
        },
      )
      .replace(quotedList, (list, start: string, _quotes: string, name: string, items: string) => {
        if (!credentialName.test(name)) return list;
        return `${start}${items.replace(item, (one, quote = "", value: string = one) => {
          return `${quote}${this.credential(name, value) ?? value}${quote}`;
        })}`;
      })
      .replace(barePair, (pair, start: string, name: string, value: string) => {
        const hidden = value.startsWith("(hidden ") ? undefined : this.credential(name, value);
        return hidden === undefined ? pair : `${start}${hidden}`;
      })
      .replace(passwordInUrl, (match, start: string, password: string) => {
        return harmless.test(password) ? match : `${start}${this.hidden(password)}`;
      })
      .replace(assignment, (match, start: string, name: string, value: string) => {
        const hidden = this.credential(name, bare(value));
        return hidden === undefined ? match : `${start}${hidden}`;
      })
      .replace(argument, (match, start: string, name: string, value: string) => {
        const hidden = this.credential(name, bare(value));
        return hidden === undefined ? match : `${start}${hidden}`;
      })
      .replace(bearer, (_match, start: string, value: string) => `${start}${this.hidden(value)}`);
  }
}

/** A value without the quotes around it, and what JSON puts after it. */
function bare(value: string): string {
  return value.trim().replace(/^(["'])(.*)\1,?$/, "$2");
}

/** How a value is written in clear, in base64, in a URL and in the quotes of JSON and YAML. */
function writings(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const url = encodeURIComponent(Buffer.from(value).toString());
  const base64 = Buffer.from(value).toString("base64");
  return [value, json, JSON.stringify(json).slice(1, -1), value.replaceAll("'", "''"), url, base64];
}
