import type { CredentialsStore, Variables } from "./stored-credentials";
import { OperationError } from "../errors/operation-error";
import { type Credential, credentials, credentialsNamespace } from "../../settings/credentials";
import { secretNameOf } from "../../settings/credentials-source";
import { nearest } from "../../settings/nearest";
import { type CredentialsEnvironment, credentialsStore } from "./credentials-store";

/**
 * The credential of a name: the Secret's key, Terraform's variable, or that with TF_VAR_.
 *
 * @throws OperationError for another name
 */
export function credentialNamed(name: string | undefined): Credential {
  const bare = (name ?? "").replace(/^TF_VAR_/, "").toUpperCase();
  const keys = credentials.map(({ key }) => key);
  const found = credentials.find(({ key }) => key === bare);
  if (found) return found;
  const meant = name && nearest(bare, keys);
  throw new OperationError(
    `secrets rotate: ${name ? `found "${name}"${meant ? `, did you mean ${meant}?` : ""}` : "which one is missing"} (allowed: ${keys.join(", ")}), as in: npm run secrets -- rotate JWT_SECRET`,
  );
}

/**
 * Where the new value of a credential is to be stored.
 *
 * @throws OperationError where it is not in a file of this repository, naming where it must be replaced instead
 */
export function storeForRotation(
  root: string,
  environment: CredentialsEnvironment,
  variables: Variables,
  { variable, key }: Credential,
): CredentialsStore {
  const store = credentialsStore(root, environment, variables);
  const next = `then run npm run deploy -- --environment ${environment.name}, which restarts the pods that read it`;
  if (!store) {
    throw new OperationError(
      `${key}: is in the Secret ${credentialsNamespace}/${secretNameOf(environment.credentials)}, which somebody else fills: ` +
        `replace it there, ${next}`,
    );
  }
  if (variables[`TF_VAR_${variable}`]) {
    throw new OperationError(
      `TF_VAR_${variable}: is set and goes before ${store.file}, where a new value would change nothing: ` +
        `replace it where it is set, ${next}; or unset it and run this again`,
    );
  }
  return store;
}
