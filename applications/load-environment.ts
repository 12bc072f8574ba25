import * as fs from "node:fs";
import * as path from "node:path";
import { check } from "../settings/check";
import { type Environment, environmentSchema } from "../settings/environment";
import { allowLists, controllerNames, controllersWithAllowLists } from "../settings/ingress-controllers";
import { nearest } from "../settings/nearest";
import { SettingsError, together } from "../settings/settings-error";
import { isMap, readYamlFile, valueAt, type YamlMap } from "../settings/yaml-file";
import type { Application } from "./application";
import { applications } from "./registry";
import { credentialsOf } from "./credentials";
import { keptReleasesOf, releasesOf } from "./releases";

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
  refuseNoLabel(file, name);
  const found = readYamlFile(root, file);
  refuseMoved(found, file);
  const [checked] = together(
    () => check(environmentSchema, found, file),
    () => releasesOf({ name, applications: saidOf(found.applications) }),
  );
  if (checked.state.encrypted && checked.engine !== "opentofu") {
    throw new SettingsError(
      `${file}: state.encrypted: ${checked.engine} knows no encryption of its state (allowed: with engine: opentofu): say that, or remove it`,
    );
  }
  const kubeconfig = variables.CLUSTER_KUBECONFIG || checked.cluster.kubeconfig;
  const environment = { ...checked, cluster: { ...checked.cluster, kubeconfig }, name };
  const faults = [...releasesOf(environment), ...keptReleasesOf(environment)].flatMap(
    ({ name: release, application, own }) => [
      ...(`${release}-${name}`.length > longestLabel
        ? [
            `applications.${release}: ${release}-${name} is the value of a label, and longer than ${longestLabel} letters: give the release or the file a shorter name`,
          ]
        : []),
      ...(own.ingress ? exposureFaults(release, application, environment.ingress) : []),
    ],
  );
  together(
    () => {
      if (faults.length) throw new SettingsError(faults.map((fault) => `${file}: ${fault}`).join("\n"));
    },
    () => credentialsOf(environment),
  );
  return environment;
}

/** What a file says of each release, as far as it says it in the right form. */
function saidOf(releases: unknown): Environment["applications"] {
  if (!isMap(releases)) return {};
  const said = Object.entries(releases).map(([name, own]) => [name, own ?? {}] as const);
  return Object.fromEntries(said.filter(([, own]) => isMap(own))) as Environment["applications"];
}

/** What keeps a release from having an ingress of the environment's class. */
function exposureFaults(
  release: string,
  { title, guard }: Pick<Application, "title" | "guard">,
  { className, controller }: Environment["ingress"],
): string[] {
  const found = `ingress.className: found ${JSON.stringify(className)}`;
  if (controller === undefined) {
    return [
      `${found}, which is nobody's by its name: say which ingress controller serves it, for large files and long answers: ingress.controller (allowed: ${controllerNames.join(", ")})`,
    ];
  }
  if (guard === "login" || allowLists([controller]).length > 0) return [];
  return [
    `${found}: no annotation keeps an Ingress to allowedSourceRanges there (ingress.controller: ${controller}), and ${title} would be open to everybody: use a class of ${controllersWithAllowLists()}, or remove applications.${release}.ingress`,
  ];
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const longestLabel = 63;

/** The name of an environment is a label of every object of the foundation. */
function refuseNoLabel(file: string, name: string): void {
  if (name.length <= longestLabel && /^[a-z0-9]([-a-z0-9_.]*[a-z0-9])?$/i.test(name)) return;
  throw new SettingsError(
    `${file}: the name of the file is the value of a label, found ${JSON.stringify(name)}: expected letters, digits, -, _ and ., at most ${longestLabel}, with a letter or a digit at both ends: rename the file`,
  );
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
