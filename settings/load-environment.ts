import * as fs from "node:fs";
import * as path from "node:path";
import { check } from "./check";
import { type Environment, environmentSchema } from "./environment";
import { nearest } from "./nearest";
import { SettingsError } from "./settings-error";
import { readYamlFile } from "./yaml-file";

/** The environments that the repository has, by name, sorted. */
export function environmentNames(root: string): string[] {
  return fs
    .readdirSync(path.join(root, "environments"))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort();
}

/**
 * Reads and checks `environments/NAME.yaml`.
 *
 * @throws SettingsError when there is no such environment or something in the file is wrong
 */
export function loadEnvironment(root: string, name: string): Environment {
  const names = environmentNames(root);
  if (!names.includes(name)) {
    const meant = nearest(name, names);
    throw new SettingsError(
      `environment ${JSON.stringify(name)}: unknown${meant ? `, did you mean ${meant}?` : ""} (there are: ${names.join(", ")}; each is a file in environments/)`,
    );
  }
  const file = `environments/${name}.yaml`;
  return { ...check(environmentSchema, readYamlFile(root, file), file), name };
}
