import { credentialIn } from "../../settings/credential-value";
import { entries } from "../../policies/walk";
import type { KeyPath, Place } from "../../settings/check";
import { SettingsError } from "../../settings/settings-error";
import { valueAt, type YamlMap } from "../../settings/yaml-file";

/**
 * Refuses credentials that stand in LibreChat's configuration, which is a ConfigMap. LibreChat puts in variables of its pod,
 * `${NAME}`, and what it knows of a user, `{{NAME}}`.
 *
 * @param place what a message begins with
 * @param advice how a variable becomes a credential of the release
 * @throws SettingsError with one line a value; it shows none
 */
export function refuseSecrets(config: YamlMap, place: Place, advice: (variable: string) => string): void {
  const faults = entries(config).flatMap(({ path, key, value, siblings }) => {
    if (typeof value !== "string") return [];
    const isHeader = /headers$/i.test(String(path.at(-2)));
    const isLogin = isHeader && /^((proxy-)?authorization|cookie)$/i.test(key);
    const [, scheme = "", rest = ""] = /^((?:Bearer|Basic|Token|ApiKey)\s+)?(.*)$/is.exec(value) ?? [];
    const text = withoutReferences(isLogin || scheme ? rest : value);
    // Servers that ask for no key are given their own name for one.
    const isOwnName = `ollama ${String(siblings.name)}`.toLowerCase().includes(text.toLowerCase());
    if (text === "" || (key === "apiKey" && isOwnName)) return [];
    // An object that is a key has the key itself under that name.
    const name = isLogin ? "token" : key === "key" ? String(path.at(-2)) : key;
    const found = credentialIn(name, text) ?? credentialIn(name, withoutReferences(value));
    if (found === undefined) return [];
    // Whoever writes the name of a variable means its value.
    const variable = /^[A-Z][A-Z0-9_]*_(KEY|TOKEN|SECRET|PASSWORD)$/.test(text)
      ? text
      : variableFor(config, path);
    return [
      `${place(path)}: ${found}: write ${scheme}\${${variable}} in its place, ${advice(variable)} (rule secret-values)`,
    ];
  });
  if (faults.length) throw new SettingsError(faults.join("\n"));
}

function withoutReferences(text: string): string {
  return text.replace(/\$\{[^}]*\}|\{\{[^}]*\}\}/g, "").trim();
}

/** What of a path says nothing about what a credential is for. */
const containers = ["endpoints", "custom", "groups", "headers", "env", "mcpServers", "webSearch"];

/** A name for the variable, after the endpoint, the server or the part of LibreChat that it is for: no two have one. */
function variableFor(config: YamlMap, path: KeyPath): string {
  const key = String(path.at(-1));
  const of = path.slice(0, -1).map((part, i) => {
    if (typeof part === "string") return containers.includes(part) ? undefined : part;
    const item = path.slice(0, i + 1);
    return valueAt(config, [...item, "name"]) ?? valueAt(config, [...item, "group"]);
  });
  const called = key.toLowerCase() === "authorization" ? "token" : key === "key" ? "api_key" : key;
  return [...of, called]
    .filter((word) => typeof word === "string")
    .join("_")
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^(?=\d)/, "N")
    .toUpperCase();
}
