import * as fs from "node:fs";
import type { Environment } from "../../settings/environment";
import { OperationError } from "../errors/operation-error";
import { fieldAt } from "../cluster/kubernetes-object";
import { adviceFor } from "../terraform/advice";
import { type CdktfContext, workingDirectory } from "../terraform/cdktf";
import { terraformInitialized } from "../terraform/terraform";
import { withTemporaryDirectory } from "../terminal/temporary-directory";
import type { Blocks } from "./hcl";
import type { StackConfiguration } from "./stack-configuration";

/** What of a provider's configuration, and of its resources, is a block. */
export interface ProviderBlocks {
  readonly provider: { readonly [name: string]: Blocks };
  readonly resource: { readonly [type: string]: Blocks };
  readonly data: { readonly [type: string]: Blocks };
}

/**
 * Asks the providers of some stacks themselves, in a directory that has no state: the same name may be a block in one provider and an
 * attribute in another, and Terraform refuses either in the other's place.
 *
 * @throws OperationError where they cannot be had
 * @see https://developer.hashicorp.com/terraform/cli/commands/providers/schema
 */
export function providerBlocks(
  context: CdktfContext,
  environment: Environment,
  configurations: readonly (readonly [string, StackConfiguration])[],
): Promise<ProviderBlocks> {
  return withTemporaryDirectory(async (output) => {
    const asked = { ...context, output };
    const directory = workingDirectory(asked, "schemas");
    fs.mkdirSync(directory, { recursive: true });
    const required = configurations.map(([, { terraform }]) => terraform.required_providers);
    const asking = { terraform: { required_providers: Object.assign({}, ...required) as object } };
    fs.writeFileSync(`${directory}/main.tf.json`, JSON.stringify(asking));
    const run = await terraformInitialized(asked, "schemas", ["providers", "schema", "-json"]);
    if (run.exitCode !== 0) {
      throw new OperationError(
        `the providers cannot be asked what is a block in HCL: ${adviceFor(run.all, environment) ?? run.all.trim()}; eject -- json needs no provider`,
      );
    }
    return blocksIn(JSON.parse(run.stdout));
  });
}

/** @param answer of `terraform providers schema -json` */
export function blocksIn(answer: unknown): ProviderBlocks {
  const schemas = Object.entries((fieldAt(answer, "provider_schemas") ?? {}) as Schemas);
  const all = (kind: "resource_schemas" | "data_source_schemas"): { [type: string]: Blocks } =>
    Object.fromEntries(
      schemas
        .flatMap(([, one]) => Object.entries(one[kind] ?? {}))
        .map(([type, one]) => [type, blocksOf(one.block)]),
    );
  return {
    provider: Object.fromEntries(
      schemas.map(([source, one]) => [
        source.slice(source.lastIndexOf("/") + 1),
        blocksOf(one.provider.block),
      ]),
    ),
    resource: all("resource_schemas"),
    data: all("data_source_schemas"),
  };
}

interface Schemas {
  readonly [source: string]: {
    readonly provider: { readonly block: SchemaBlock };
    readonly resource_schemas?: { readonly [type: string]: { readonly block: SchemaBlock } };
    readonly data_source_schemas?: { readonly [type: string]: { readonly block: SchemaBlock } };
  };
}

interface SchemaBlock {
  readonly block_types?: { readonly [name: string]: { readonly block: SchemaBlock } };
}

function blocksOf({ block_types: inner = {} }: SchemaBlock): Blocks {
  return Object.fromEntries(Object.entries(inner).map(([name, { block }]) => [name, blocksOf(block)]));
}
