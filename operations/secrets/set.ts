import { credentialFault, credentialName } from "../../settings/credentials";
import { OperationError } from "../errors/operation-error";
import type { CredentialsContext } from "./deploy-credentials";
import { credentialNamed, storeForRotation } from "./rotation";

/**
 * Stores a value that somebody else gave, where the environment keeps its credentials.
 *
 * @param name such as OPENAI_API_KEY
 * @param ask answers with the value: no argument, which every user of a machine could read
 * @param print takes one line
 * @throws OperationError where the value is malformed, or kept by somebody else
 */
export async function set(
  { root, environment, variables }: CredentialsContext,
  name: string | undefined,
  ask: (question: string) => Promise<string>,
  print: (line: string) => void,
): Promise<void> {
  const credential = credentialNamed(environment, name);
  const { variable, keptElsewhere, encrypts } = credential;
  const key = credentialName(credential);
  if (keptElsewhere) throw new OperationError(`${key}: ${keptElsewhere}`);
  const store = storeForRotation(root, environment, variables, credential);
  const value = await ask(`${key} of ${environment.name}`);
  const fault = credentialFault(credential, key, value);
  if (fault) throw new OperationError(`${fault.text}: nothing was stored`);
  const stored = `TF_VAR_${variable}`;
  const before = store.exists() ? store.read()[stored] : undefined;
  if (before === value) return print(`${key}: ${store.file} has this value already`);
  if (before && encrypts) {
    throw new OperationError(
      `${key}: encrypts ${encrypts}, which nobody could read with another value: npm run secrets -- rotate ${key} makes one after a question; to store this one take the old one out of ${store.file} first`,
    );
  }
  if (before) store.replace(stored, value);
  else store.add({ [stored]: value });
  print(`${key}: ${store.file} has it; npm run deploy -- --environment ${environment.name} rolls it out`);
}
