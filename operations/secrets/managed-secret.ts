import type { SecretData } from "../cluster/secret";
import type { ReleaseSecret } from "../../applications/release-secrets";
import { type CredentialFault, credentialFault, given } from "../../settings/credentials";

/**
 * What is wrong with a Secret that somebody else fills. Empty when all that the applications
 * read is there and well-formed; keys beside those are settings of the application's own, and theirs to set.
 */
export function secretFaults({ keys }: ReleaseSecret, data: SecretData): CredentialFault[] {
  return Object.entries(keys).flatMap(([key, { credential, text }]) => {
    const value = data[key];
    // What is made around a credential is known to whoever fills the Secret.
    const allowed = text("") === "" ? credential : given;
    const fault = credentialFault(allowed, key, value);
    if (!fault) return [];
    const trimmed = value !== undefined && !credentialFault(allowed, key, value.trim());
    return [
      { ...fault, text: `${fault.text}${trimmed ? ": a line break or space at an end is too much" : ""}` },
    ];
  });
}
