import { scrypt } from "node:crypto";
import { promisify } from "node:util";
import { type ReleaseSecret, secretData } from "../../applications/release-secrets";
import type { CredentialValues } from "../../settings/credentials";
import type { SecretData } from "../cluster/secret";
import type { Revisions } from "../terraform/cdktf";

/** The revisions of Secrets with these values, by their ids. */
export async function revisionsOf(
  secrets: readonly ReleaseSecret[],
  values: CredentialValues,
  environment: string,
): Promise<Revisions> {
  const revisions = secrets.map(async (secret) => {
    const revision = await credentialsFingerprint(secret, secretData(secret, values), environment);
    return [secret.id, revision] as const;
  });
  return Object.fromEntries(await Promise.all(revisions));
}

/**
 * A number that differs whenever one of the values of a Secret differs: the revision that makes Terraform write it anew and
 * restart the pods that read it.
 *
 * It stands in the state and in the pods' annotations. scrypt makes guessing a weak value from it slow, and 47 bits are
 * far too few to find a strong one.
 *
 * @returns an integer from 2 to 2^47 + 1: 1 is the revision of those who set none
 */
export function credentialsFingerprint(
  { keys }: ReleaseSecret,
  data: SecretData,
  environment: string,
): Promise<number> {
  return fingerprint(
    Object.keys(keys).map((key) => data[key] ?? ""),
    environment,
  );
}

/**
 * The same of a Secret that somebody else fills: of everything in it, since its pods read all of it.
 *
 * @returns an integer from 2 to 2^47 + 1
 */
export function secretFingerprint(data: SecretData, environment: string): Promise<number> {
  return fingerprint(
    Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1)),
    environment,
  );
}

/** Beside others, and beside what this process does: each takes some 30 ms. */
async function fingerprint(content: unknown, environment: string): Promise<number> {
  const salt = `llm-platform credentials ${environment}`;
  const hash = await promisify<string, string, number, Buffer>(scrypt)(JSON.stringify(content), salt, 6);
  return 2 + (hash.readUIntBE(0, 6) % 2 ** 47);
}
