import { randomBytes } from "node:crypto";
import { credentialsOf, type CredentialsEnvironment } from "../../applications/credentials";
import type { CredentialValues } from "../../settings/credentials";
import { credentialsStore } from "./credentials-store";

/**
 * Finds an environment's credentials: the variables `TF_VAR_…` where they are set, otherwise its file. A file that is not
 * needed is not read, so that a machine which has all variables needs no sops.
 *
 * @param variables the process's environment
 * @returns what was found, without values that are missing, and where, in words such as `credentials/minikube.env`
 * @throws SettingsError or OperationError when the file cannot be read
 */
export function findCredentials(
  root: string,
  environment: CredentialsEnvironment,
  variables: NodeJS.ProcessEnv,
) {
  const credentials = credentialsOf(environment);
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

/** What {@link findCredentials} found, once it is known to be complete. */
export function completeCredentials({ values }: ReturnType<typeof findCredentials>): CredentialValues {
  return Object.fromEntries(Object.entries(values).map(([variable, value]) => [variable, value ?? ""]));
}

/** A new value of a credential: random, in hexadecimal. */
export function newCredential(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}

/**
 * Makes the credentials that are not there yet, where the environment keeps them. Those that are may be in use, and stay.
 *
 * @returns the file, what was made and what somebody else must give; undefined where somebody else keeps them
 */
export function generateCredentials(
  root: string,
  environment: CredentialsEnvironment,
  variables: NodeJS.ProcessEnv,
) {
  const store = credentialsStore(root, environment, variables);
  if (!store) return undefined;
  const stored = store.exists() ? store.read() : {};
  const missing = credentialsOf(environment).filter(
    ({ variable }) => !stored[`TF_VAR_${variable}`] && !variables[`TF_VAR_${variable}`],
  );
  const made = missing.filter(({ bytes }) => bytes !== undefined);
  if (made.length > 0) {
    store.add(
      Object.fromEntries(
        made.map(({ variable, bytes }) => [`TF_VAR_${variable}`, newCredential(bytes as number)]),
      ),
    );
  }
  return { file: store.file, made, notGiven: missing.filter(({ bytes }) => bytes === undefined) };
}
