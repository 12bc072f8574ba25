import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { type TerraformProvider, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import * as path from "node:path";
import { stackDirectory } from "./stack-directory";

export interface ClusterConnectionProps {
  /** The repository, absolute: what a relative kubeconfig is relative to. */
  readonly root: string;
  /** Path of the kubeconfig, relative to the repository or with ~ for the home directory. */
  readonly kubeconfig: string;
  /** Name of the context in it. */
  readonly context: string;
}

/**
 * The Kubernetes provider, bound to one context by name.
 *
 * Without a context the provider uses whichever is current, and a deploy goes to the cluster that somebody last looked at.
 *
 * @see https://registry.terraform.io/providers/hashicorp/kubernetes/2.38.0/docs
 */
export function connectKubernetes(
  scope: Construct,
  props: ClusterConnectionProps,
  version: string,
): KubernetesProvider {
  return ofVersion(version, new KubernetesProvider(scope, "kubernetes", clusterConnection(scope, props)));
}

/**
 * The Helm provider, bound to the same context in the same way.
 *
 * @see https://registry.terraform.io/providers/hashicorp/helm/3.1.1/docs
 */
export function connectHelm(scope: Construct, props: ClusterConnectionProps, version: string): HelmProvider {
  return ofVersion(version, new HelmProvider(scope, "helm", { kubernetes: clusterConnection(scope, props) }));
}

/** Bindings ask for the version that they were made of; a newer one understands what they say. */
function ofVersion<Provider extends TerraformProvider>(version: string, provider: Provider): Provider {
  const { terraformResourceType: name } = provider;
  TerraformStack.of(provider).addOverride(`terraform.required_providers.${name}.version`, version);
  return provider;
}

/** The kubeconfig as Terraform sees it, and the context. Terraform runs in the directory of the scope's stack. */
export function clusterConnection(
  scope: Construct,
  { root, kubeconfig, context }: ClusterConnectionProps,
): { configPath: string; configContext: string } {
  // A path relative to the stack is the same on every machine.
  const configPath =
    kubeconfig.startsWith("~") || path.isAbsolute(kubeconfig)
      ? kubeconfig
      : path.relative(stackDirectory(TerraformStack.of(scope)), path.join(root, kubeconfig));
  return { configPath, configContext: context };
}
