import type { Credential } from "../settings/credentials";
import type { Environment } from "../settings/environment";
import { SettingsError } from "../settings/settings-error";
import { credentialsOfRelease, type ReleaseSecret, secretsOfRelease } from "./release-secrets";
import { releasesOf } from "./releases";

/** As much of an environment as says which credentials it has. */
export type CredentialsEnvironment = Pick<Environment, "name" | "applications" | "credentials">;

/**
 * Every credential of an environment: those of its applications, and those that it adds to them.
 *
 * @throws SettingsError where two have one name
 */
export function credentialsOf(environment: CredentialsEnvironment): readonly Credential[] {
  const credentials = releasesOf(environment).flatMap((release) =>
    credentialsOfRelease(environment, release).map(({ credential }) => credential),
  );
  for (const [index, { variable, release, key }] of credentials.entries()) {
    const other = credentials.slice(0, index).find((one) => one.variable === variable);
    if (!other) continue;
    const where = `environments/${environment.name}.yaml: applications.${release}`;
    throw new SettingsError(
      other.release === release
        ? `${where}.credentials.${key}: found twice: its application has it already: remove it here`
        : `${where}: its credential ${key} and that of applications.${other.release} would both be the variable TF_VAR_${variable}: give one of both releases another name, and say of which application it is`,
    );
  }
  return credentials;
}

/** The Secrets of all releases, each for some of its pods alone. */
export function secretsOf(environment: CredentialsEnvironment): readonly ReleaseSecret[] {
  return releasesOf(environment).flatMap((release) => secretsOfRelease(environment, release));
}
