import * as fs from "node:fs";
import * as path from "node:path";
import type { Environment } from "../../settings/environment";
import { toYaml } from "../../settings/yaml-file";
import { fieldAt } from "../cluster/kubernetes-object";
import type { Synthesized } from "./synthesized";

export interface ByHandProps {
  /** Where to write it, absolute. */
  readonly directory: string;
  readonly platform: Synthesized;
  /** Absolute. */
  readonly kubeconfig: string;
  readonly context: string;
  /** Of the providers. */
  readonly versions: Environment["providers"];
  /** Before the name of each namespace, so that the platform's own stay as they are. */
  readonly prefix: string;
}

/** What both configurations by hand begin with. */
export function providers({ kubeconfig, context, versions }: ByHandProps): string {
  return `terraform {
  required_providers {
    helm       = { source = "hashicorp/helm", version = "${versions.helm}" }
    kubernetes = { source = "hashicorp/kubernetes", version = "${versions.kubernetes}" }
  }
}

provider "kubernetes" {
  config_path    = ${JSON.stringify(kubeconfig)}
  config_context = ${JSON.stringify(context)}
}

provider "helm" {
  kubernetes = {
    config_path    = ${JSON.stringify(kubeconfig)}
    config_context = ${JSON.stringify(context)}
  }
}
`;
}

/**
 * Writes the releases of a platform as people write them in HCL with the Helm provider: a namespace, its claims and a release
 * each, with a file of values. There is no policy, quota, right or credential in it.
 *
 * @returns how many lines of HCL the shortest of the releases has
 */
export function writeByHand(props: ByHandProps): number {
  const { directory, platform } = props;
  fs.mkdirSync(path.join(directory, "values"), { recursive: true });
  const texts = platform.releases.map(({ name, namespace, chart, version, values }) => {
    fs.writeFileSync(path.join(directory, `values/${name}.yaml`), toYaml(values));
    const needed = claimsIn(props, namespace).map(({ id }) => `kubernetes_persistent_volume_claim_v1.${id}`);
    return `
${namespaceOf(props, namespace)}
resource "helm_release" "${name}" {
  name       = "${name}"
  namespace  = kubernetes_namespace_v1.${namespace}.metadata[0].name
  chart      = ${JSON.stringify(path.resolve(platform.directory, chart))}
  version    = "${version}"
  values     = [file("values/${name}.yaml")]
  timeout    = 600
${needed.length ? `  depends_on = [${needed.join(", ")}]\n` : ""}}
`;
  });
  fs.writeFileSync(path.join(directory, "main.tf"), providers(props) + texts.join(""));
  return Math.min(...texts.map((text) => text.trim().split("\n").length));
}

/** A namespace, and the claims in it. */
export function namespaceOf(props: Pick<ByHandProps, "platform" | "prefix">, namespace: string): string {
  const claims = claimsIn(props, namespace).map(
    ({ id, name, size }) => `
resource "kubernetes_persistent_volume_claim_v1" "${id}" {
  wait_until_bound = false
  metadata {
    name      = "${name}"
    namespace = kubernetes_namespace_v1.${namespace}.metadata[0].name
  }
  spec {
    access_modes = ["ReadWriteOnce"]
    resources { requests = { storage = "${size}" } }
  }
}
`,
  );
  return `resource "kubernetes_namespace_v1" "${namespace}" {
  metadata { name = "${props.prefix}${namespace}" }
}
${claims.join("")}`;
}

function claimsIn({ platform }: Pick<ByHandProps, "platform">, namespace: string) {
  return platform.claims
    .filter((claim) => fieldAt(claim, "metadata", "namespace") === namespace)
    .map((claim) => {
      const name = String(fieldAt(claim, "metadata", "name"));
      const size = String(fieldAt(claim, "spec", "resources", "requests", "storage"));
      return { id: `${namespace}_${name}`, name, size };
    });
}
