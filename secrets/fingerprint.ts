import { scryptSync } from "node:crypto";
import { credentials, type CredentialValues } from "../settings/credentials";

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
  const text = JSON.stringify(credentials.map(({ variable }) => values[variable]));
  const hash = scryptSync(text, `llm-platform credentials ${environment}`, 6);
  return 2 + (hash.readUIntBE(0, 6) % 2 ** 47);
}
