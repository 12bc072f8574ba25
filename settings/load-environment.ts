import * as fs from "node:fs";
import * as path from "node:path";
import { check } from "./check";
import { type Environment, environmentSchema } from "./environment";
import { nearest } from "./nearest";
import { SettingsError } from "./settings-error";
import { readYamlFile } from "./yaml-file";

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
  const environment = check(environmentSchema, readYamlFile(root, file), file);
  const kubeconfig = variables.CLUSTER_KUBECONFIG || environment.cluster.kubeconfig;
  return { ...environment, cluster: { ...environment.cluster, kubeconfig }, name };
}
