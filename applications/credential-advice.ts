import { credentialName } from "../settings/credentials";
import type { Environment } from "../settings/environment";
import type { ApplicationRelease } from "./application";
import { credentialsOfRelease, secretsByPods, secretTitle } from "./release-secrets";

/**
 * How a value that stands in clear becomes a credential of a release, which its first pods read as an environment variable.
 *
 * @param path of the value, from the top of the values; empty where it stands elsewhere
 * @param variable by which the pods read it
 * @returns undefined where other pods read it, or it is no variable of theirs
 */
export function credentialAdvice(
  environment: Pick<Environment, "name" | "credentials">,
  release: ApplicationRelease,
  path: readonly (string | number)[],
  variable: string,
): string | undefined {
  if (!/^[A-Z][A-Z0-9_]*$/.test(variable)) return undefined;
  const [first = "", ...others] = Object.keys(release.application.pods);
  if (others.includes(String(path[0]))) return undefined;
  const secret = secretsByPods(environment, release)[first];
  if (secret && variable in secret.keys) return `the Secret ${secretTitle(secret)} has it`;
  const own = { ...release.own.credentials, [variable]: "given" as const };
  const found = credentialsOfRelease(environment, { ...release, own: { ...release.own, credentials: own } });
  const { credential } = found.find(({ credential: { key } }) => key === variable)!;
  const given =
    environment.credentials.source === "secret"
      ? `and add it to the Secret ${secret ? secretTitle(secret) : `of ${release.name}`}, which somebody else fills`
      : `and run: npm run secrets -- set ${credentialName(credential)} --environment ${environment.name}`;
  return `add credentials: { ${variable}: given } below applications.${release.name} in environments/${environment.name}.yaml, ${given}`;
}
