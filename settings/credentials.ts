import { z } from "zod";

/** One credential of LibreChat: a Terraform variable and a key of the Secret. */
export interface Credential {
  /** Terraform's variable, set with `TF_VAR_jwt_secret` and so on. */
  readonly variable: string;
  /** Key of the Secret, which is the environment variable that LibreChat and Meilisearch read. */
  readonly key: string;
  /** What a value must match; it means the same in JavaScript and in Terraform (RE2). */
  readonly pattern: string;
  /** The pattern in words: an error may show this, never the value. */
  readonly allowed: string;
  /** Bytes of randomness of a generated value, which is their hexadecimal form. */
  readonly bytes: number;
  /** What users notice when it is replaced, as a sentence. */
  readonly whenReplaced: string;
  /** What nobody can read any more once it is replaced. @default - nothing */
  readonly encrypts?: string;
}

const long = {
  pattern: "^[A-Za-z0-9+/=_.-]{32,256}$",
  allowed: "32 to 256 characters of A-Z a-z 0-9 + / = _ . -",
  bytes: 32,
};

/**
 * LibreChat reads the first four; Meilisearch and LibreChat share the last.
 *
 * @see https://www.librechat.ai/toolkit/creds_generator
 */
export const credentials: readonly Credential[] = [
  {
    variable: "jwt_secret",
    key: "JWT_SECRET",
    ...long,
    whenReplaced: "open pages get a new token by themselves",
  },
  {
    variable: "jwt_refresh_secret",
    key: "JWT_REFRESH_SECRET",
    ...long,
    whenReplaced: "every user must log in again",
  },
  // AES-256 key and initialization vector: LibreChat takes them as hexadecimal, of exactly these lengths.
  {
    variable: "creds_key",
    key: "CREDS_KEY",
    pattern: "^[0-9a-fA-F]{64}$",
    allowed: "64 hexadecimal digits",
    bytes: 32,
    whenReplaced: "users must enter their API keys again, and set up two-factor login again",
    encrypts: "the API keys that users stored, the credentials of their tools and two-factor logins",
  },
  {
    variable: "creds_iv",
    key: "CREDS_IV",
    pattern: "^[0-9a-fA-F]{32}$",
    allowed: "32 hexadecimal digits",
    bytes: 16,
    whenReplaced: "users must enter their API keys again",
    encrypts: "the API keys that users stored and the credentials of their tools",
  },
  {
    variable: "meili_master_key",
    key: "MEILI_MASTER_KEY",
    ...long,
    whenReplaced: "nobody notices: the search keeps its index",
  },
];

/** Name of the Secret: what the chart of LibreChat calls it by default. */
export const credentialsSecretName = "librechat-credentials-env";

/** Where that Secret is: with the pods that read it. */
export const credentialsNamespace = "librechat";

/** Terraform's variable that tells both stacks that a credential changed. */
export const credentialsRevision = "credentials_revision";

/** The values by Terraform variable. */
export type CredentialValues = { readonly [variable: string]: string };

/** What is wrong with a credential. */
export interface CredentialFault {
  /** By what it is known where it is kept: the Terraform variable, or the key of the Secret. */
  readonly name: string;
  readonly missing: boolean;
  /** With the name and what is allowed; never the value. */
  readonly text: string;
}

/** What is wrong with the values. Empty when all are there and well-formed. */
export function credentialFaults(values: {
  readonly [variable: string]: string | undefined;
}): CredentialFault[] {
  return credentials.flatMap(
    (credential) => credentialFault(credential, credential.variable, values[credential.variable]) ?? [],
  );
}

/** What is wrong with one value; undefined when it is there and well-formed. */
export function credentialFault(
  { pattern, allowed }: Credential,
  name: string,
  value: string | undefined,
): CredentialFault | undefined {
  if (value === undefined || value === "")
    return { name, missing: true, text: `${name}: missing, expected ${allowed}` };
  if (z.string().regex(new RegExp(pattern)).safeParse(value).success) return undefined;
  const text = `${name}: malformed, expected ${allowed}, found ${value.length} characters`;
  return { name, missing: false, text };
}
