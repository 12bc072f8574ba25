import { completeCredentials, findCredentials } from "../secrets/find-credentials";
import { credentialsFingerprint } from "../secrets/fingerprint";
import { credentialFaults, type CredentialValues } from "../../settings/credentials";
import type { Environment } from "../../settings/environment";

/**
 * The credentials that are here, where they are those that were deployed: nobody keeps these, but their fingerprint.
 *
 * @returns undefined where others or none are here, or somebody else fills their Secret
 */
export function deployedCredentials(
  root: string,
  environment: Environment,
  variables: NodeJS.ProcessEnv,
  revision: number,
): CredentialValues | undefined {
  if (environment.credentials.source === "secret") return undefined;
  const found = findCredentials(root, environment, variables);
  if (credentialFaults(found.values).length > 0) return undefined;
  const values = completeCredentials(found);
  return credentialsFingerprint(values, environment.name) === revision ? values : undefined;
}
