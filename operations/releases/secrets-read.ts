import { isMap } from "../../settings/yaml-file";

/** Names of the Secrets without which the pods of an object do not start. */
export function secretsRead(object: unknown): string[] {
  if (Array.isArray(object)) return object.flatMap(secretsRead);
  if (!isMap(object)) return [];
  return Object.entries(object).flatMap(([key, value]) => {
    if (!isMap(value)) return secretsRead(value);
    if (value.optional === true) return [];
    const name = /^secret(Key)?Ref$/.test(key) ? value.name : key === "secret" ? value.secretName : undefined;
    return typeof name === "string" ? [name] : secretsRead(value);
  });
}
