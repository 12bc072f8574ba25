import type { TerraformStack } from "cdktf";
import * as fs from "node:fs";
import * as path from "node:path";
import { stackDirectory } from "../constructs/stack-directory";
import { providerLockFile } from "../settings/provider-lock-file";

/** Makes what Terraform finds in a stack's directory, beside the configuration, fit this synth. */
export function prepareWorkingDirectory(root: string, stack: TerraformStack): void {
  const directory = stackDirectory(stack);
  // `cdktf synth --hcl` writes another file, for people who leave CDKTF and take the directory with them.
  if (!fs.existsSync(path.join(directory, "cdk.tf.json"))) return;
  const configuration = JSON.parse(
    fs.readFileSync(path.join(directory, "cdk.tf.json"), "utf8"),
  ) as Configuration;
  lockProviders(root, directory, configuration);
  forgetOtherBackend(directory, configuration);
}

interface Configuration {
  readonly terraform: {
    readonly backend: { readonly [type: string]: { readonly [key: string]: unknown } };
    readonly required_providers: { readonly [name: string]: { readonly source: string } };
  };
}

/** The repository's lock, cut to the stack's providers: Terraform would count others as a change to the lock. */
function lockProviders(root: string, directory: string, { terraform }: Configuration): void {
  const lock = path.join(root, providerLockFile);
  if (!fs.existsSync(lock)) return;
  const sources = Object.values(terraform.required_providers).map(({ source }) => source);
  const blocks = fs.readFileSync(lock, "utf8").match(/^provider ".*" \{\n(?:.*\n)*?\}\n/gm) ?? [];
  const wanted = blocks.filter((block) => sources.some((source) => block.includes(`/${source}" {`)));
  fs.writeFileSync(path.join(directory, providerLockFile), wanted.join("\n"));
}

/**
 * Terraform remembers in the directory which backend it was last initialized with, and with another environment's it
 * refuses to go on, or offers to copy one environment's state over the other's. What is removed is that memory alone:
 * the states are elsewhere.
 */
function forgetOtherBackend(directory: string, { terraform }: Configuration): void {
  const file = path.join(directory, ".terraform", "terraform.tfstate");
  if (!fs.existsSync(file)) return;
  const [type, config] = Object.entries(terraform.backend)[0] ?? [];
  const known = (JSON.parse(fs.readFileSync(file, "utf8")) as { backend?: KnownBackend }).backend;
  const same =
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
