/** Name of Terraform's file of locked providers, in the repository and in each stack's directory. */
export const providerLockFile = ".terraform.lock.hcl";

/** The providers of a lock, each with its text. There may be one of several versions, and of several registries. */
export function lockedProviders(text: string) {
  const blocks = text.matchAll(/^provider "(.*)" \{\n\s*version\s*=\s*"(.*)"\n(?:.*\n)*?\}\n/gm);
  return [...blocks].map(([block, address = "", version = ""]) => ({ address, version, block }));
}
