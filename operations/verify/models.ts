import type { ListedModel } from "./ollama-api";
import { failed, passed, type Verification } from "./check";

/**
 * Whether a server has every model that an environment asks for.
 *
 * @param asked with their tags
 * @param exec how a command for people in its pod begins
 */
export function modelsCheck(
  asked: readonly string[],
  listed: readonly ListedModel[],
  exec: string,
): Verification {
  const missing = asked.filter((model) => !listed.some(({ name }) => name === model));
  const has = listed.map(({ name }) => name).join(", ") || "none";
  if (!missing.length) return passed("models", `/api/tags lists ${asked.join(", ")}`);
  return failed(
    "models",
    `/api/tags lacks ${missing.join(", ")} (it lists ${has})`,
    `${exec} ollama pull ${missing[0]}`,
  );
}

/** The smallest of the models that an environment asks for and a server has: the first completion loads it. */
export function smallestModel(asked: readonly string[], listed: readonly ListedModel[]): string | undefined {
  const [smallest] = listed.filter(({ name }) => asked.includes(name)).sort((a, b) => a.size - b.size);
  return smallest?.name;
}
