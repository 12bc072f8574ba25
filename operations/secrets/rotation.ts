import { credentialsOf, type CredentialsEnvironment } from "../../applications/credentials";
import type { Credential } from "../../settings/credentials";
import { nearest } from "../../settings/nearest";
import { OperationError } from "../errors/operation-error";
import { credentialsStore, managedElsewhere } from "./credentials-store";
import type { CredentialsStore } from "./stored-credentials";

/**
 * The credential of a name: its key, Terraform's variable, or that with TF_VAR_.
 *
 * @throws OperationError for another name, and for a key that several releases have
 */
export function credentialNamed(environment: CredentialsEnvironment, name: string | undefined): Credential {
  const credentials = credentialsOf(environment);
  const bare = (name ?? "").replace(/^TF_VAR_/, "").toUpperCase();
  const byVariable = credentials.filter(({ variable }) => variable.toUpperCase() === bare);
  const found = byVariable.length > 0 ? byVariable : credentials.filter(({ key }) => key === bare);
  const [first, second] = found;
  if (first && !second) return first;
  const names = (found.length > 0 ? found : credentials).map(({ variable }) => variable.toUpperCase());
  const meant = name && nearest(bare, names);
  const what = second
    ? `found "${name}", which several releases have`
    : name
      ? `found "${name}"${meant ? `, did you mean ${meant}?` : ""}`
      : "which one is missing";
  throw new OperationError(`${what} (allowed: ${names.join(", ")})`);
}

/**
 * Where the new value of a credential is to be stored.
 *
 * @throws OperationError where it is not in a file of this repository, naming where it must be replaced instead
 */
export function storeForRotation(
  root: string,
  environment: CredentialsEnvironment,
  variables: NodeJS.ProcessEnv,
  { variable, key }: Credential,
): CredentialsStore {
  const store = credentialsStore(root, environment, variables);
  const next = `then run npm run deploy -- --environment ${environment.name}, which restarts the pods that read it`;
  if (!store) {
    throw new OperationError(`${key}: ${managedElsewhere(environment)}: replace it there, ${next}`);
  }
  if (variables[`TF_VAR_${variable}`]) {
    throw new OperationError(
      `TF_VAR_${variable}: is set and goes before ${store.file}, where a new value would change nothing: ` +
        `replace it where it is set, ${next}; or unset it and run this again`,
    );
  }
  return store;
}
