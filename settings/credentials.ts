import { z } from "zod";

/** A credential of a release: a Terraform variable, whose value its pods read from a Secret. */
export interface Credential {
  /** The release whose pods read it. */
  readonly release: string;
  /** By which it is known to people, and the environment variable that pods read unless its application says otherwise. */
  readonly key: string;
  /** Terraform's variable, set with `TF_VAR_jwt_secret` and so on. */
  readonly variable: string;
  /** What a value must match; it means the same in JavaScript and in Terraform (RE2). */
  readonly pattern: string;
  /** The pattern in words: an error may show this, never the value. */
  readonly allowed: string;
  /** Bytes of randomness of a generated value, which is their hexadecimal form. @default - somebody else gives the value */
  readonly bytes?: number;
  /** What users notice when it is replaced, as a sentence. @default - not known */
  readonly whenReplaced?: string;
  /** What nobody can read any more once it is replaced. @default - nothing */
  readonly encrypts?: string;
  /** Where else its value is, which does not change with it, and how to change it there. @default - nowhere */
  readonly keptElsewhere?: string;
}

/** By what people name it: its key, with its release's namespace before it where that is not its application's. */
export function credentialName({ variable }: Pick<Credential, "variable">): string {
  return variable.toUpperCase();
}

/** What a value must look like that is made here. */
export const random = {
  pattern: "^[A-Za-z0-9+/=_.-]{32,256}$",
  allowed: "32 to 256 characters of A-Z a-z 0-9 + / = _ . -",
  bytes: 32,
} as const;

/** What a value must look like that somebody else gives: what a line of a file that a shell sources can hold. */
export const given = {
  pattern: "^[!-&(-~]([ -&(-~]*[!-&(-~])?$",
  allowed: "printable ASCII characters but ', and no space at either end",
} as const;

/** Terraform's variable that tells both stacks that a credential changed: a number by Secret. */
export const credentialsRevision = "credentials_revision";

/** The annotation by which pods that read credentials are made anew when the revision of their Secret differs. */
export const credentialsRevisionAnnotation = "llm-platform/credentials-revision";

/** The revision where nothing is known of the credentials. */
export const unknownRevision = 1;

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
export function credentialFaults(
  credentials: readonly Credential[],
  values: { readonly [variable: string]: string | undefined },
): CredentialFault[] {
  return credentials.flatMap(
    (credential) => credentialFault(credential, credential.variable, values[credential.variable]) ?? [],
  );
}

/** What is wrong with one value; undefined when it is there and well-formed. */
export function credentialFault(
  { pattern, allowed }: Pick<Credential, "pattern" | "allowed">,
  name: string,
  value: string | undefined,
): CredentialFault | undefined {
  if (value === undefined || value === "")
    return { name, missing: true, text: `${name}: missing, expected ${allowed}` };
  if (z.string().regex(new RegExp(pattern)).safeParse(value).success) return undefined;
  const text = `${name}: malformed, expected ${allowed}, found ${value.length} characters`;
  return { name, missing: false, text };
}
