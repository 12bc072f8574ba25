import type { SecretData } from "../cluster/secret";
import { type CredentialFault, credentials, credentialFault } from "../../settings/credentials";

/**
 * What is wrong with a Secret that somebody else fills. Empty when all that the applications
 * read is there and well-formed; keys beside those are LibreChat's own settings, and theirs to set.
 */
export function secretFaults(data: SecretData): CredentialFault[] {
  return credentials.flatMap((credential) => {
    const { key } = credential;
    const value = data[key];
    const fault = credentialFault(credential, key, value);
    if (!fault) return [];
    const trimmed = value !== undefined && !credentialFault(credential, key, value.trim());
    return [
      { ...fault, text: `${fault.text}${trimmed ? ": a line break or space at an end is too much" : ""}` },
    ];
  });
}
