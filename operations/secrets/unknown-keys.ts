import { type Credential, credentialsRevision } from "../../settings/credentials";
import { nearest } from "../../settings/nearest";
import { SettingsError } from "../../settings/settings-error";

type Stored = { readonly [name: string]: string | undefined };

/**
 * Refuses a key of a file of credentials that is meant for one of them, and called otherwise: the file would seem to lack it.
 *
 * @param file what the message names
 * @throws SettingsError with the first of them, and the right key
 */
export function refuseMisspelt(file: string, stored: Stored, credentials: readonly Credential[]): void {
  const names = namesOf(credentials);
  const missing = names.filter((name) => !(name in stored));
  for (const key of unknownKeys(stored, credentials)) {
    const called = credentials.find((one) => [one.key, one.variable].includes(key));
    const meant = called ? `TF_VAR_${called.variable}` : nearest(key, missing);
    if (meant === undefined) continue;
    throw new SettingsError(
      `${file}: ${key}: unknown key, did you mean ${meant}? (allowed: ${names.join(", ")})`,
    );
  }
}

/** Keys that no credential has: each may be of a release that does not run, or of an option that is off, and is kept. */
export function unknownKeys(stored: Stored, credentials: readonly Credential[]): readonly string[] {
  const names = [...namesOf(credentials), `TF_VAR_${credentialsRevision}`];
  return Object.keys(stored).filter((key) => !names.includes(key));
}

function namesOf(credentials: readonly Credential[]): readonly string[] {
  return credentials.map(({ variable }) => `TF_VAR_${variable}`);
}
