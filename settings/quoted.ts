import { credentialIn } from "./credential-value";
import { isMap } from "./yaml-file";

/**
 * A value as a message quotes it: short, and without what is a credential by its name or its form.
 *
 * @param key what the value stands under
 */
export function quoted(value: unknown, key = ""): string {
  if (value === undefined || value === null) return "nothing";
  const shown = withoutCredentials(value, key);
  const text = typeof shown === "number" ? String(shown) : JSON.stringify(shown);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function withoutCredentials(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutCredentials(item, key));
  if (isMap(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => {
        // An environment variable of a container is called by what stands beside its value.
        const called = name === "value" && typeof value.name === "string" ? value.name : name;
        return [name, withoutCredentials(inner, called)];
      }),
    );
  }
  const isLogin = /(authorization|cookie|credentials)$/i.test(key) && typeof value === "string";
  return isLogin || credentialIn(key, value) !== undefined ? "…" : value;
}
