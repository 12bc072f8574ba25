import { scryptSync } from "node:crypto";
import { credentials, type CredentialValues } from "../../settings/credentials";
import type { SecretData } from "../cluster/secret";

/**
 * A number that differs whenever one of the credentials differs: the revision that makes Terraform write the Secret anew
 * and restart the pods that use it.
 *
 * It stands in the state and in the pods' annotations. scrypt makes guessing a weak value from it slow, and 47 bits are
 * far too few to find a strong one.
 *
 * @returns an integer from 2 to 2^47 + 1: 1 is the revision of those who set none
 */
export function credentialsFingerprint(values: CredentialValues, environment: string): number {
  return fingerprint(
    credentials.map(({ variable }) => values[variable]),
    environment,
  );
}

/**
 * The same of a Secret that somebody else fills: of everything in it, since its pods read all of it.
 *
 * @returns an integer from 2 to 2^47 + 1
 */
export function secretFingerprint(data: SecretData, environment: string): number {
  return fingerprint(
    Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)),
    environment,
  );
}

function fingerprint(content: unknown, environment: string): number {
  const hash = scryptSync(JSON.stringify(content), `llm-platform credentials ${environment}`, 6);
  return 2 + (hash.readUIntBE(0, 6) % 2 ** 47);
}
