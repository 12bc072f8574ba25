import { App, TerraformStack } from "cdktf";
import * as fs from "node:fs";
import * as path from "node:path";
import * as yaml from "js-yaml";
import "../../constructs/no-creation-stacks";
import { temporaryDirectory } from "./sample-repository";

export interface Blocks<Block> {
  readonly [name: string]: Block;
}

export interface Block {
  readonly [attribute: string]: unknown;
}

/** A release as it is synthesized, but for its values, which are parsed. */
export interface ReleaseBlock extends Block {
  readonly name: string;
  readonly version: string;
  readonly values: readonly [Block, ...Block[]];
  readonly timeout: number;
  readonly timeouts: Blocks<string>;
  readonly depends_on: readonly string[];
}

/** One stack's `cdk.tf.json` without CDKTF's own notes, with sorted keys. */
export interface Configuration {
  readonly data?: Blocks<Blocks<Block>>;
  readonly moved?: readonly { readonly from: string; readonly to: string }[];
  readonly output?: Blocks<Block>;
  readonly provider?: Blocks<readonly Block[]>;
  readonly resource?: Blocks<Blocks<Block>> & { readonly helm_release?: Blocks<ReleaseBlock> };
  readonly terraform: { readonly backend: Blocks<Block>; readonly required_providers: Blocks<Block> };
  readonly variable?: Blocks<Block>;
}

/** Synthesizes one stack with what a test puts into it. The repository's root is the parent of the output directory. */
export function synthesizeStack(build: (stack: TerraformStack, root: string) => void): Configuration {
  const root = temporaryDirectory();
  const outdir = path.join(root, "cdktf.out");
  // CDKTF's validation asks for a provider, which a construct alone does not bring.
  const app = new App({ outdir, skipValidation: true });
  build(new TerraformStack(app, "sample"), root);
  app.synth();
  return readConfiguration(outdir, "sample");
}

/** Reads a stack's `cdk.tf.json` and makes it fit for snapshots. */
export function readConfiguration(outdir: string, stack: string): Configuration {
  return normalized(fs.readFileSync(path.join(outdir, "stacks", stack, "cdk.tf.json"), "utf8"));
}

function normalized(text: string): Configuration {
  const configuration = sorted(JSON.parse(text)) as Configuration;
  const releases = Object.entries(configuration.resource?.helm_release ?? {}).map(([id, release]) => [
    id,
    { ...release, values: release.values.map((values) => sorted(yaml.load(String(values)))) },
  ]);
  if (releases.length === 0) return configuration;
  const resource = { ...configuration.resource, helm_release: Object.fromEntries(releases) };
  return { ...configuration, resource } as Configuration;
}

/** Without CDKTF's notes, which hold its version and the paths of constructs. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== "//")
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
