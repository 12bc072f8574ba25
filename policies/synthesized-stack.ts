import * as fs from "node:fs";
import * as path from "node:path";
import { findContract } from "../contracts/contract-file";
import { splitPath } from "../contracts/value-path";
import { valueSource } from "../contracts/value-source";
import { keyOf } from "../settings/check";
import type { Settings } from "../settings/settings";
import { mergeValues } from "../settings/values";
import { isMap, parseYamlMap, valueAt, type YamlMap } from "../settings/yaml-file";
import type { KnownApplications, SynthesizedRelease, SynthesizedResource, SynthesizedStack } from "./rule";
import { block } from "./walk";

/**
 * Reads what a stack is written as.
 *
 * @param configuration what CDKTF makes of it, with every override in it
 */
export function synthesizedStack(
  stack: string,
  configuration: unknown,
  settings: Settings,
  applications: KnownApplications,
): SynthesizedStack {
  const { resource = {}, variable = {} } = configuration as Configuration;
  const resources = Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named).map(([id, attributes]): SynthesizedResource => {
      const { metadata } = block(attributes["//"]);
      const construct = block(metadata).path;
      return {
        type,
        // What an override of the stack adds has no construct.
        construct:
          typeof construct === "string" ? construct.replace(/\/Default$/, "") : `${stack}/${type}.${id}`,
        attributes,
      };
    }),
  );
  return {
    ...applications,
    resources,
    releases: resources
      .filter(({ type }) => type === "helm_release")
      .map((release) => read(release, settings, applications)),
    variables: variable,
    ingress: settings.environment.ingress,
    demandsDigests: settings.environment.images.digests,
  };
}

interface Configuration {
  readonly resource?: { readonly [type: string]: { readonly [id: string]: YamlMap } };
  readonly variable?: { readonly [name: string]: YamlMap };
}

function read(
  resource: SynthesizedResource,
  settings: Settings,
  { imageSetting }: KnownApplications,
): SynthesizedRelease {
  const { attributes, construct } = resource;
  const chart = chartName(String(attributes.chart), String(attributes.version));
  const texts = list(attributes.values);
  const layers = texts.map((text) => parsed(text, construct));
  const settingsOfRelease = ["set", "set_list", "set_sensitive", "set_wo"].flatMap((name) =>
    list(attributes[name]),
  );
  const values = mergeValues([
    ...layers.map((layer) => layer ?? {}),
    ...settingsOfRelease.filter(isMap).map(({ name, value }) => nested(String(name), value)),
  ]);
  return {
    ...resource,
    chart,
    values,
    readable: layers.every((layer) => layer !== undefined),
    contract: findContract(settings.root, chart, String(attributes.version)),
    place: (at) => {
      const files = filesOf(settings, String(attributes.name), chart);
      const value = valueAt(values, at);
      // What nobody sets can be set in the values file; what no file sets, an environment or a construct does.
      const source =
        valueSource(settings.root, files, at) ?? (value === undefined ? files[0]?.file : undefined);
      const setting = source === undefined && imageSetting?.(String(attributes.name), String(value));
      return setting || `${source ?? `construct ${construct}`}: ${keyOf([...at])}`;
    },
  };
}

/** The name of a chart that is a package, a path or in a registry. */
function chartName(chart: string, version: string): string {
  return path.posix
    .basename(chart)
    .replace(/\.tgz$/, "")
    .replace(`-${version}`, "");
}

function parsed(text: unknown, construct: string): YamlMap | undefined {
  if (typeof text !== "string") return undefined;
  try {
    return parseYamlMap(text, construct);
  } catch {
    return undefined;
  }
}

/** What Helm's --set takes: `image.tag`, with \ before a dot that belongs to a key. */
function nested(name: string, value: unknown): YamlMap {
  return splitPath(name).reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as YamlMap;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}

/** None where the release is not of an application with a values file. */
function filesOf(
  settings: Settings,
  release: string,
  chart: string,
): ReturnType<Settings["values"]>["files"] {
  const named = [release, chart].find((name) =>
    fs.existsSync(path.join(settings.root, "values", `${name}.yaml`)),
  );
  return named === undefined ? [] : settings.values(named === chart ? release : named).files;
}
