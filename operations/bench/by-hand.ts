import * as fs from "node:fs";
import * as path from "node:path";
import { literal } from "../../constructs/terraform-text";
import { mergeValues } from "../../settings/values";
import { parseYamlMap, readYamlFile, toYaml } from "../../settings/yaml-file";
import { withChartClaims } from "./chart-claims";
import type { DeployedRelease } from "./deployed-releases";
import { valuesRemainder } from "./values-remainder";

/** What the same releases need to be written by hand. */
export interface ByHandProps {
  /** The repository, absolute: its values files are used as they are, comments included. */
  readonly root: string;
  readonly releases: readonly DeployedRelease[];
  /** Where the cluster is. */
  readonly cluster: { readonly kubeconfig: string; readonly context: string };
  /** Exact versions of the providers `helm` and `kubernetes`. */
  readonly providerVersions: { readonly helm: string; readonly kubernetes: string };
}

/**
 * Writes the same releases as a person would in HCL, and as the articles do: one resource each, values in files of their
 * own, with comments, the namespaces beside them, and a local state. The releases have the same names; the namespaces
 * have others, so that both can be deployed to one cluster.
 *
 * It loads the same two providers. With Helm's alone, and namespaces that Helm makes, half of the time of a plan goes, and
 * so does what fails it when the cluster does not answer.
 *
 * @param directory exists and is empty; Terraform runs in it
 */
export function writeByHand(
  directory: string,
  { root, releases, cluster, providerVersions }: ByHandProps,
): void {
  fs.mkdirSync(path.join(directory, "values"));
  for (const release of releases) {
    const base = `values/${release.name}.yaml`;
    const whole = withChartClaims(mergeValues(release.values.map((text) => parseYamlMap(text, base))));
    fs.copyFileSync(path.join(root, base), path.join(directory, base));
    fs.writeFileSync(
      path.join(directory, environmentValues(release)),
      `# What differs in this environment: sizes, hosts and names.\n${toYaml(valuesRemainder(whole, readYamlFile(root, base)))}`,
    );
  }
  fs.writeFileSync(
    path.join(directory, "main.tf"),
    [header(), ...releases.map((release) => resource(release, releases))].join("\n"),
  );

  function header(): string {
    return `# Ollama and LibreChat, one Helm release each.
terraform {
  required_providers {
    helm = {
      source  = "hashicorp/helm"
      version = ${quoted(providerVersions.helm)}
    }
    kubernetes = {
      source  = "hashicorp/kubernetes"
      version = ${quoted(providerVersions.kubernetes)}
    }
  }

  backend "local" {
    path = "${stateFileByHand}"
  }
}

provider "helm" {
  kubernetes = {
    config_path    = ${quoted(cluster.kubeconfig)}
    config_context = ${quoted(cluster.context)}
  }
}

provider "kubernetes" {
  config_path    = ${quoted(cluster.kubeconfig)}
  config_context = ${quoted(cluster.context)}
}
`;
  }
}

/** Name of the state in the directory of {@link writeByHand}. */
export const stateFileByHand = "terraform.tfstate";

function environmentValues({ name }: DeployedRelease): string {
  return `values/${name}.environment.yaml`;
}

function resource(release: DeployedRelease, all: readonly DeployedRelease[]): string {
  const { name, chart, repository, version, timeoutSeconds } = release;
  // Terraform lists resources by name; Ollama is the one that the other needs.
  const needed = all.find((other) => other.name === "ollama" && other !== release);
  return [
    `resource "kubernetes_namespace_v1" "${name}" {`,
    "  metadata {",
    `    name = ${quoted(`${name}-by-hand`)}`,
    "  }",
    "}",
    "",
    `resource "helm_release" "${name}" {`,
    `  name       = ${quoted(name)}`,
    `  namespace  = kubernetes_namespace_v1.${name}.metadata[0].name`,
    ...(repository ? [`  repository = ${quoted(repository)}`] : []),
    `  chart      = ${quoted(chart)}`,
    `  version    = ${quoted(version)}`,
    `  timeout    = ${timeoutSeconds}`,
    "",
    "  values = [",
    `    file("\${path.module}/values/${name}.yaml"),`,
    `    file("\${path.module}/${environmentValues(release)}"),`,
    "  ]",
    ...(needed ? ["", `  depends_on = [helm_release.${needed.name}]`] : []),
    "}",
    "",
  ].join("\n");
}

/** A string of HCL. */
function quoted(text: string): string {
  return literal(JSON.stringify(text));
}
