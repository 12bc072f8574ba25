import { credentialsOf, secretsOf } from "../../applications/credentials";
import { credentialFaults, type CredentialValues } from "../../settings/credentials";
import type { Environment } from "../../settings/environment";
import { completeCredentials, findCredentials } from "../secrets/find-credentials";
import { revisionsOf } from "../secrets/fingerprint";
import type { Revisions } from "../terraform/cdktf";

/**
 * The credentials that are here, where they are those that were deployed to each of these Secrets: nobody keeps these, but
 * their fingerprints.
 *
 * @returns undefined where others or none are here, or somebody else fills the Secrets
 */
export async function deployedCredentials(
  root: string,
  environment: Environment,
  variables: NodeJS.ProcessEnv,
  revisions: Revisions,
): Promise<CredentialValues | undefined> {
  if (environment.credentials.source === "secret") return undefined;
  const found = findCredentials(root, environment, variables);
  if (credentialFaults(credentialsOf(environment), found.values).length > 0) return undefined;
  const values = completeCredentials(found);
  const deployed = secretsOf(environment).filter((secret) => revisions[secret.id] !== undefined);
  const here = await revisionsOf(deployed, values, environment.name);
  const same = Object.entries(here).every(([id, revision]) => revisions[id] === revision);
  return deployed.length > 0 && same ? values : undefined;
}
