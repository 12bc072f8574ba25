import type { SecretData } from "../cluster/secret";
import { credentials, credentialFault } from "../../settings/credentials";

/**
 * What is wrong with a Secret that somebody else fills, one line each; never a value. Empty when all that the applications
 * read is there and well-formed; keys beside those are LibreChat's own settings, and theirs to set.
 */
export function secretFaults(data: SecretData): string[] {
  return credentials.flatMap((credential) => {
    const value = data[credential.key];
    const fault = credentialFault(credential, value);
    if (!fault) return [];
    const trimmed = value !== undefined && !credentialFault(credential, value.trim());
    return [`${credential.key}: ${fault}${trimmed ? ": a line break or space at an end is too much" : ""}`];
  });
}
