import * as fs from "node:fs";
import * as path from "node:path";
import { type RenderedRelease, renderEnvironment } from "../charts/render-environment";
import { fieldAt, type KubernetesObject, parseManifest } from "../cluster/kubernetes-object";
import { configuredResources } from "../diff/resource-changes";
import { objectPairs } from "../diff/terraform-object";
import { stacks, synthesize, workingDirectory } from "../terraform/cdktf";
import { withTemporaryDirectory } from "../terminal/temporary-directory";

/**
 * What an environment deploys that pods are made of, or that is about pods: what its charts render, and the NetworkPolicies of
 * its foundation.
 *
 * @throws SettingsError where a value is wrong, OperationError where a chart cannot be had
 */
export async function deployedObjects(
  context: Parameters<typeof renderEnvironment>[0],
  variables: NodeJS.ProcessEnv,
): Promise<KubernetesObject[]> {
  const releases = await renderEnvironment(context);
  const policies = await withTemporaryDirectory(async (output) => {
    const synthesis = { root: context.root, environment: { name: context.environment }, variables, output };
    await synthesize(synthesis);
    const file = path.join(workingDirectory(synthesis, stacks[0]), "cdk.tf.json");
    return policiesOf(JSON.parse(fs.readFileSync(file, "utf8")));
  });
  return [...policies, ...releases.flatMap(deployed)];
}

/** Without what `helm test` alone runs. */
function deployed({ manifests, namespace }: RenderedRelease): KubernetesObject[] {
  return parseManifest(manifests, namespace).filter(
    ({ metadata }) => !String(fieldAt(metadata, "annotations", "helm.sh/hook")).startsWith("test"),
  );
}

/** @param configuration what is synthesized of a stack */
export function policiesOf(configuration: unknown): KubernetesObject[] {
  return configuredResources(stacks[0], configuration)
    .flatMap((resource) => objectPairs(resource))
    .flatMap(({ new: object }) => (object?.kind === "NetworkPolicy" ? [object] : []))
    .map((object) => withNumbers({ ...object, apiVersion: "networking.k8s.io/v1" }) as KubernetesObject);
}

/** Terraform writes ports as texts, which are names to Kubernetes. */
function withNumbers(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => withNumbers(item as unknown));
  if (name === "port" && typeof value === "string" && /^\d+$/.test(value)) return Number(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withNumbers(inner, key)]));
}
