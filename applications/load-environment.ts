import * as fs from "node:fs";
import * as path from "node:path";
import { check } from "../settings/check";
import { type Environment, environmentSchema } from "../settings/environment";
import { nearest } from "../settings/nearest";
import { SettingsError } from "../settings/settings-error";
import { readYamlFile, valueAt, type YamlMap } from "../settings/yaml-file";
import { applications } from "./registry";
import { credentialsOf } from "./credentials";
import { releasesOf } from "./releases";

/** The environments that the repository has, by name, sorted. */
export function environmentNames(root: string): string[] {
  return (
    fs
      .readdirSync(path.join(root, "environments"))
      // NAME.sops.yaml holds encrypted credentials of an environment.
      .filter((file) => file.endsWith(".yaml") && !file.endsWith(".sops.yaml"))
      .map((file) => file.slice(0, -".yaml".length))
      .sort()
  );
}

/**
 * Reads and checks `environments/NAME.yaml`.
 *
 * @param variables `CLUSTER_KUBECONFIG` names another kubeconfig than the file does, for machines that keep it elsewhere;
 * the context stays the one that the file pins
 * @throws SettingsError when there is no such environment or something in the file is wrong
 */
export function loadEnvironment(
  root: string,
  name: string,
  variables: { readonly CLUSTER_KUBECONFIG?: string } = {},
): Environment {
  const names = environmentNames(root);
  if (!names.includes(name)) {
    const meant = nearest(name, names);
    throw new SettingsError(
      `environment ${JSON.stringify(name)}: unknown${meant ? `, did you mean ${meant}?` : ""} (there are: ${names.join(", ")}; each is a file in environments/)`,
    );
  }
  const file = `environments/${name}.yaml`;
  const found = readYamlFile(root, file);
  refuseMoved(found, file);
  const checked = check(environmentSchema, found, file);
  const kubeconfig = variables.CLUSTER_KUBECONFIG || checked.cluster.kubeconfig;
  const environment = { ...checked, cluster: { ...checked.cluster, kubeconfig }, name };
  for (const { name: release, application, own } of releasesOf(environment)) {
    if (application.guard === "login" || !own.ingress || environment.ingress.className === "nginx") continue;
    throw new SettingsError(
      `${file}: ingress.className: found ${JSON.stringify(environment.ingress.className)}: ingress-nginx alone enforces allowedSourceRanges, with another class ${application.title} would be open to everybody: use nginx or remove applications.${release}.ingress`,
    );
  }
  credentialsOf(environment);
  return environment;
}

/** A file of an older form: each key that went elsewhere is named with its place or name now. */
function refuseMoved(found: YamlMap, file: string): void {
  const isThere = (key: string): boolean => valueAt(found, key.split(".")) !== undefined;
  const faults = applications.flatMap(({ name, moved = {}, renamed = {} }) => [
    ...Object.entries(moved)
      .filter(([old]) => isThere(old))
      .map(
        ([old, place]) =>
          `${file}: ${old}: goes to applications.${name}${place && `.${place}`} now: move it there`,
      ),
    ...Object.entries(renamed)
      .filter(([old]) => isThere(old))
      .map(([old, now]) => `${file}: ${old}: is called ${now} now: rename it`),
  ]);
  if (faults.length) throw new SettingsError(faults.join("\n"));
}
