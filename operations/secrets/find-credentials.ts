import type { Variables } from "./stored-credentials";
import { randomBytes } from "node:crypto";
import { credentials, type CredentialValues } from "../../settings/credentials";
import { type CredentialsEnvironment, credentialsStore } from "./credentials-store";

/** Where credentials came from, and what was found; values that are missing are not there. */
export interface FoundCredentials {
  readonly values: { readonly [variable: string]: string | undefined };
  /** In words, such as `credentials/minikube.env`. */
  readonly source: string;
}

/**
 * Finds an environment's credentials: the variables `TF_VAR_…` where they are set, otherwise its file. A file that is not
 * needed is not read, so that a machine which has all variables needs no sops.
 *
 * @param variables the process's environment
 * @throws SettingsError or OperationError when the file cannot be read
 */
export function findCredentials(
  root: string,
  environment: CredentialsEnvironment,
  variables: Variables,
): FoundCredentials {
  const names = credentials.map(({ variable }) => `TF_VAR_${variable}`);
  const set = names.filter((name) => variables[name]);
  const store = credentialsStore(root, environment, variables);
  const needed = set.length < names.length && store?.exists() ? store : undefined;
  const stored = needed?.read() ?? {};
  const values = Object.fromEntries(
    credentials.map(({ variable }) => {
      const name = `TF_VAR_${variable}`;
      return [variable, variables[name] || stored[name]];
    }),
  );
  const sources = [
    ...(set.length ? [set.length === names.length ? "the variables TF_VAR_…" : set.join(", ")] : []),
    ...(needed ? [needed.file] : []),
  ];
  return { values, source: sources.join(" and ") || "nowhere" };
}

/** {@link FoundCredentials.values} once they are known to be complete. */
export function completeCredentials({ values }: FoundCredentials): CredentialValues {
  return Object.fromEntries(credentials.map(({ variable }) => [variable, values[variable] ?? ""]));
}

/** A new value of a credential: random, in hexadecimal. */
export function newCredential({ bytes }: { readonly bytes: number }): string {
  return randomBytes(bytes).toString("hex");
}

/**
 * Makes credentials where the environment keeps them.
 *
 * @returns the file, relative to the repository; undefined where somebody else keeps them
 * @throws SettingsError when the file exists: its values may be in use
 */
export function generateCredentials(
  root: string,
  environment: CredentialsEnvironment,
  variables: Variables,
): string | undefined {
  const store = credentialsStore(root, environment, variables);
  store?.create(
    Object.fromEntries(
      credentials.map((credential) => [`TF_VAR_${credential.variable}`, newCredential(credential)]),
    ),
  );
  return store?.file;
}
