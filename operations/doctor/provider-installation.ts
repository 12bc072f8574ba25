/** Where Terraform gets its providers, as its CLI configuration says. */
export interface ProviderInstallation {
  /** Directories of `HOST/NAMESPACE/TYPE/…`. */
  readonly directories: readonly string[];
  /** URLs that end with a slash. */
  readonly networkMirrors: readonly string[];
  /** Whether the registry itself is asked. */
  readonly direct: boolean;
}

/**
 * Reads `provider_installation` of Terraform's CLI configuration, as far as it names places.
 *
 * @param text the file's content. @default - there is none, and the registry is asked
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
export function providerInstallation(text = ""): ProviderInstallation {
  const plain = text.replace(/^\s*(#|\/\/).*$/gm, "");
  const block = /\bprovider_installation\s*\{/.exec(plain);
  if (!block) return { directories: [], networkMirrors: [], direct: true };
  const inside = plain.slice(block.index + block[0].length);
  const all = (method: string, argument: string): string[] =>
    [...inside.matchAll(new RegExp(`\\b${method}\\s*\\{[^}]*?\\b${argument}\\s*=\\s*"([^"]*)"`, "g"))].map(
      ([, value = ""]) => value,
    );
  return {
    directories: all("filesystem_mirror", "path"),
    networkMirrors: all("network_mirror", "url"),
    direct: /\bdirect\s*\{/.test(inside),
  };
}

/** A provider that the stacks are locked to. */
export interface LockedProvider {
  /** Such as `registry.terraform.io`. */
  readonly host: string;
  /** Such as `hashicorp/helm`. */
  readonly name: string;
  readonly version: string;
}

/** The providers in the content of `.terraform.lock.hcl`. */
export function lockedProviders(text: string): LockedProvider[] {
  return [...text.matchAll(/^provider "([^/"]+)\/([^"]+)" \{[^}]*?\bversion\s*=\s*"([^"]+)"/gm)].map(
    ([, host = "", name = "", version = ""]) => ({ host, name, version }),
  );
}
