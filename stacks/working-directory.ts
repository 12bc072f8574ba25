import type { TerraformStack } from "cdktf";
import * as fs from "node:fs";
import * as path from "node:path";
import { stackDirectory } from "../constructs/stack-directory";
import { lockedProviders, providerLockFile } from "../settings/provider-lock-file";

/**
 * Makes what the engine finds in a stack's directory, beside the configuration, fit this synth.
 *
 * @param registry the host that its providers come from
 */
export function prepareWorkingDirectory(root: string, stack: TerraformStack, registry: string): void {
  const directory = stackDirectory(stack);
  // `cdktf synth --hcl` writes another file, for people who leave CDKTF and take the directory with them.
  if (!fs.existsSync(path.join(directory, "cdk.tf.json"))) return;
  const configuration = JSON.parse(
    fs.readFileSync(path.join(directory, "cdk.tf.json"), "utf8"),
  ) as Configuration;
  forgetOtherBackend(directory, registry, configuration);
  lockProviders(root, directory, registry, configuration);
}

interface Configuration {
  readonly terraform: {
    readonly backend: { readonly [type: string]: { readonly [key: string]: unknown } };
    readonly required_providers: { readonly [name: string]: { readonly version: string } };
  };
}

/**
 * The repository's lock, cut to the stack's providers: the engine would count others as a change to the lock. One that the
 * repository has no checksums of is locked to its version.
 */
function lockProviders(
  root: string,
  directory: string,
  registry: string,
  { terraform }: Configuration,
): void {
  const file = path.join(root, providerLockFile);
  const locked = fs.existsSync(file) ? lockedProviders(fs.readFileSync(file, "utf8")) : [];
  const blocks = Object.entries(terraform.required_providers).map(([name, { version }]) => {
    const address = `${registry}/hashicorp/${name}`;
    const found = locked.find((one) => one.address === address && one.version === version);
    return (
      found?.block ??
      `provider "${address}" {\n  version     = "${version}"\n  constraints = "${version}"\n}\n`
    );
  });
  fs.writeFileSync(path.join(directory, providerLockFile), blocks.join("\n"));
}

/**
 * Terraform remembers in the directory which backend it was last initialized with, and with another environment's it
 * refuses to go on, or offers to copy one environment's state over the other's; OpenTofu refuses what Terraform remembers.
 * What is removed is that memory alone: the states are elsewhere.
 */
function forgetOtherBackend(directory: string, registry: string, { terraform }: Configuration): void {
  const file = path.join(directory, ".terraform", "terraform.tfstate");
  if (!fs.existsSync(file)) return;
  const [type, config] = Object.entries(terraform.backend)[0] ?? [];
  const known = (JSON.parse(fs.readFileSync(file, "utf8")) as { backend?: KnownBackend }).backend;
  const lock = path.join(directory, providerLockFile);
  const same =
    (!fs.existsSync(lock) || fs.readFileSync(lock, "utf8").includes(`"${registry}/`)) &&
    known?.type === type &&
    Object.entries(config ?? {}).every(
      ([key, value]) => JSON.stringify(known?.config[key]) === JSON.stringify(value),
    );
  if (!same) fs.rmSync(file);
}

interface KnownBackend {
  readonly type: string;
  readonly config: { readonly [key: string]: unknown };
}
