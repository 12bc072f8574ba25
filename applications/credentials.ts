import { type Credential, credentialsRevision } from "../settings/credentials";
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
  const fault = (release: string, key: string, text: string): SettingsError =>
    new SettingsError(
      `environments/${environment.name}.yaml: applications.${release}.credentials.${key}: ${text}`,
    );
  for (const { name, application, own } of releasesOf(environment)) {
    const [taken] = Object.keys(own.credentials).filter((key) => application.variables?.includes(key));
    if (taken) throw fault(name, taken, "is what the platform itself sets: remove it here");
  }
  for (const [index, { variable, release, key }] of credentials.entries()) {
    if (reserved.includes(variable)) {
      throw fault(
        release,
        key,
        "is a word of Terraform's own, which no variable may have for a name: call it otherwise",
      );
    }
    const other = credentials.slice(0, index).find((one) => one.variable === variable);
    if (!other) continue;
    if (other.release === release) {
      throw fault(release, key, "found twice: its application has it already: remove it here");
    }
    throw new SettingsError(
      `environments/${environment.name}.yaml: applications.${release}: its credential ${key} and that of applications.${other.release} would both be the variable TF_VAR_${variable}: call one of both otherwise; a release in a namespace of another name has variables of its own`,
    );
  }
  return credentials;
}

/** Names that Terraform's variables may not have, and the one that both stacks have. */
const reserved = [
  ...["source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"],
  credentialsRevision,
];

/** The Secrets of all releases, each for some of its pods alone. */
export function secretsOf(environment: CredentialsEnvironment): readonly ReleaseSecret[] {
  return releasesOf(environment).flatMap((release) => secretsOfRelease(environment, release));
}
