/** Forms that no other text has, by what they are. */
const forms: readonly (readonly [what: string, pattern: RegExp])[] = [
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  [
    "a token of a cloud or a code host",
    /\b(AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20}|xox[abprs]-[\w-]{10,})/,
  ],
  ["an API key", /\bsk-[A-Za-z0-9_-]{20,}/],
  ["a token of an Authorization header", /^(Bearer|Basic|Token|ApiKey)\s+(?=\S*\d)[\w.~+/=-]{8,}$/i],
  ["a key in an address", /[?&](api_?key|token|key|secret)=(?!\$)[^&\s]{8,}/i],
  ["an address with a password", /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:(?!\$\$\{|\$\()[^\s/@]+@/i],
];

/** What people write for an API key where the server asks for none, and the program that asks it wants one. */
const isNoKey =
  /^(none|null|empty|dummy|fake|unused|vllm|lm-?studio|local-?ai|x+|(sk-)?no[-_]?(api[-_]?)?key([-_]?(needed|required))?|not[-_ ]?(needed|required|used|set))$/i;

/**
 * What kind of credential a value is, in words; never the value. Undefined where it is none.
 *
 * @param key the last key of its path: what is called a password is one
 */
export function credentialIn(key: string, value: unknown): string | undefined {
  if (Array.isArray(value)) return value.map((item) => credentialIn(key, item)).find(Boolean);
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const text = String(value);
  // The word for a key that each user enters, and variables of the pod, with Terraform's escape. What Terraform
  // itself puts in would be in its state.
  if (text === "" || text === "user_provided" || /^(\$\$\{[^}]*\}|\$\([^)]*\))$/.test(text)) return undefined;
  if (/api_?key$/i.test(key) && isNoKey.test(text)) return undefined;
  const form = forms.find(([, pattern]) => pattern.test(text))?.[0];
  if (form) return `found ${form}`;
  return isCredentialKey(key) ? `found a value of ${text.length} characters for a credential` : undefined;
}

const kindsOfKey = "api|master|private|secret|access|encryption|signing|creds|licen[cs]e|account|root|admin";

/** Whether a key is called like a credential and not like the name of the Secret that has it. */
export function isCredentialKey(key: string): boolean {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const name = words.join("_");
  if (words[0] === "existing" || /(^|_)(existing|pull|tls|image|config|key)_secret$/.test(name)) return false;
  return new RegExp(
    `(^|_)(password|passwords|passwd|pwd|passphrase|token|apikey|(${kindsOfKey})_key|creds_iv)$|_secret$`,
  ).test(name);
}
