import { App } from "cdktf";
import * as fs from "node:fs";
import * as path from "node:path";
import { loadSettings } from "../../applications/load-settings";
import { buildPlatform } from "../../stacks/platform";
import { type SampleRepository, sampleRepository } from "./sample-repository";
import { type Block, type Blocks, type Configuration, readConfiguration } from "./synthesize";

/** The environments of this repository. */
export const environments = ["minikube", "minikube-cpu", "sandbox", "production"] as const;

/** Both stacks of one environment, and where they were written. */
export interface Platform {
  readonly root: string;
  readonly outdir: string;
  readonly foundation: Configuration;
  readonly llmApps: Configuration;
}

export interface PlatformOptions {
  /** Default: a copy of this repository. */
  readonly sample?: SampleRepository;
  /** Default: charts come from their repositories. */
  readonly chartsDirectory?: string;
}

/** Builds and synthesizes the whole app as main.ts does, in a copy of the repository. */
export function synthesizePlatform(environment: string, options: PlatformOptions = {}): Platform {
  const { root } = options.sample ?? sampleRepository();
  const settings = loadSettings(root, { ENVIRONMENT: environment, CHARTS_DIR: options.chartsDirectory });
  const outdir = path.join(root, "cdktf.out");
  const app = new App({ outdir });
  buildPlatform(app, settings);
  app.synth();
  return {
    root,
    outdir,
    foundation: readConfiguration(outdir, "foundation"),
    llmApps: readConfiguration(outdir, "llm-apps"),
  };
}

const platforms = new Map<string, Platform>();

/** The platform of this repository as it is, synthesized once. */
export function platformOf(environment: string): Platform {
  const platform = platforms.get(environment) ?? synthesizePlatform(environment);
  platforms.set(environment, platform);
  return platform;
}

/** A release's values as they were written: YAML that Terraform reads as templates. */
export function valuesTexts({ outdir }: Platform, release: string): readonly string[] {
  const text = fs.readFileSync(path.join(outdir, "stacks", "llm-apps", "cdk.tf.json"), "utf8");
  const { resource } = JSON.parse(text) as { resource: { helm_release: Blocks<{ values: string[] }> } };
  return resource.helm_release[release]?.values ?? [];
}

/** Every string of a configuration, however deep. */
export function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(strings);
}

/** What a configuration holds, as Terraform's addresses: the logical ids. */
export function addresses({ data = {}, resource = {}, output = {}, variable = {} }: Configuration): string[] {
  const typed = (blocks: Blocks<Blocks<Block>>, prefix: string) =>
    Object.entries(blocks).flatMap(([type, named]) =>
      Object.keys(named).map((id) => `${prefix}${type}.${id}`),
    );
  return [
    ...typed(data, "data."),
    ...typed(resource, ""),
    ...Object.keys(output).map((name) => `output.${name}`),
    ...Object.keys(variable).map((name) => `var.${name}`),
  ].sort();
}
