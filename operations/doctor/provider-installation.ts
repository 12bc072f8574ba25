/**
 * Reads `provider_installation` of Terraform's CLI configuration, as far as it names places.
 *
 * @param text the file's content. @default - there is none, and the registry is asked
 * @returns directories of `HOST/NAMESPACE/TYPE/…`, URLs that end with a slash, and whether the registry itself is asked
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
export function providerInstallation(text = "") {
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
