import { isMap } from "../../settings/yaml-file";
import { printable } from "../terminal/printable";
import { createHmac, randomBytes } from "node:crypto";
import { fieldAt, type Fields, type KubernetesObject } from "../cluster/kubernetes-object";

/** Names of keys and variables that hold a credential; `secretName` and the like, which hold the name of one, are not. */
const credentialName =
  /(password|passwd|passphrase|secret|token|credentials?|(api|access|private|master|encryption|signing|creds)[-_]?key|_key|_iv)$/i;
const credentialLine = /^([ \t]*(?:-[ \t]+|export[ \t]+)?["']?([\w.-]+)["']?[ \t]*[:=][ \t]*)(\S.*)$/gm;
const passwordInUrl = /([a-z][\w+.-]*:\/\/[^\s:/@]+:)([^\s/@]+)(?=@)/gi;
/** What a value begins with that refers to another, or that is no secret whatever its name. */
const harmless = /^(["']?\$|[|>{[&*]|["']{2}$|(true|false|null|none|yes|no|\d{1,4})$)/i;

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
      this.known.set(part, this.hash(part));
      this.known.set(Buffer.from(part).toString("base64"), this.hash(part));
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
    if (Array.isArray(value)) return value.map((item) => this.fields(item as unknown));
    if (!isMap(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        const named = key === "value" && typeof value.name === "string" ? value.name : key;
        return [key, this.fields(inner, named)];
      }),
    );
  }

  private credential(name: string, value: string): string | undefined {
    if (!credentialName.test(name) || value === "" || harmless.test(value)) return undefined;
    if (value.length >= secretLength) this.learn(value);
    return this.hash(value);
  }

  private lines(text: string): string {
    return text
      .replace(credentialLine, (line, start: string, name: string, value: string) => {
        const bare = value.replace(/^(["'])(.*)\1$/, "$2");
        const hidden = this.credential(name, bare);
        return hidden === undefined ? line : `${start}${hidden}`;
      })
      .replace(passwordInUrl, (match, start: string, password: string) => {
        return harmless.test(password) ? match : `${start}${this.hash(password)}`;
      });
  }
}
