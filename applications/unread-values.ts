import * as fs from "node:fs";
import * as path from "node:path";
import { nearest } from "../settings/nearest";
import { SettingsError } from "../settings/settings-error";
import { valuesFiles } from "../settings/values";
import { isMap, readYamlFile } from "../settings/yaml-file";
import { applications } from "./registry";

/**
 * Refuses files in `values/` that no release of any environment reads, and no application: nobody would hear of a misspelt name.
 *
 * @param environments names of all environments that the repository has
 * @throws SettingsError with one line a file, and the nearest name that is read
 */
export function refuseUnreadValues(root: string, environments: readonly string[]): void {
  const names = applications.map(({ name }) => name);
  const read = new Set([
    ...names.flatMap((name) => valuesFiles(name)),
    ...applications.flatMap(({ files = [] }) => files),
  ]);
  for (const environment of environments) {
    for (const name of namesIn(root, environment)) {
      for (const file of valuesFiles(name, environment)) read.add(file);
    }
  }
  const faults = fs
    .readdirSync(path.join(root, "values"), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => `values/${name.replaceAll(path.sep, "/")}`)
    .filter((file) => !read.has(file))
    .sort()
    .map((file) => {
      const meant = nearest(file, [...read]);
      const right = meant ? `did you mean ${meant}?` : "remove it";
      return `${file}: no release of any environment reads it, ${right} (read are values/NAME.yaml and values/NAME.ENVIRONMENT.yaml, NAME being a release or its application)`;
    });
  if (faults.length) throw new SettingsError(faults.join("\n"));
}

/**
 * Releases and applications that the file of an environment names, whatever else is wrong in it. What is wrong with it is said where
 * it is asked for.
 */
function namesIn(root: string, environment: string): string[] {
  let releases: unknown;
  try {
    releases = readYamlFile(root, `environments/${environment}.yaml`).applications;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
  }
  return Object.entries(isMap(releases) ? releases : {}).flatMap(([name, own]) => [
    name,
    ...(isMap(own) && typeof own.application === "string" ? [own.application] : []),
  ]);
}
