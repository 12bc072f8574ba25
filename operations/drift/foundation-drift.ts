import * as fs from "node:fs";
import * as path from "node:path";
import type { KubernetesApi } from "../cluster/kubernetes-api";
import { collectionPath, type ResourceKinds } from "../cluster/resource-kinds";
import { placeholders } from "../terraform/credentials-for-plan";
import { fieldAt, type Fields, type KubernetesObject, listAt } from "../cluster/kubernetes-object";
import type { Masker } from "../secrets/masking";
import { withPlanFiles } from "../terraform/plan-directory";
import { plannedResources } from "../diff/resource-changes";
import { terraform, terraformError, terraformInitialized } from "../terraform/terraform";
import { objectPairs } from "../diff/terraform-object";
import { credentialsSecretName } from "../../settings/credentials";
import type { Environment } from "../../settings/environment";
import { type CdktfContext, stacks, synthesized, workingDirectory } from "../terraform/cdktf";
import { type ObjectDrift, objectDrift } from "./object-drift";

/** What differs of the foundation, and what Terraform's state says of it. */
export interface FoundationDrift {
  /** How many resources were compared. */
  readonly compared: number;
  /** What Terraform has in its state, as {@link foundationKey} writes it. */
  readonly known: ReadonlySet<string>;
  readonly resources: readonly ResourceDrift[];
  /** Of the credentials that were deployed. @default - undefined where they are not Terraform's */
  readonly credentialsRevision?: number;
}

export interface ResourceDrift extends ObjectDrift {
  /** Terraform's, such as `kubernetes_network_policy_v1.ollama_allow_1A2B3C4D`. */
  readonly address: string;
}

/** The foundation's stack. */
export const foundation = stacks[0];

/**
 * Why the foundation cannot be compared on this machine, or undefined where it can: what was deployed is in Terraform's
 * state alone.
 */
export function foundationUnknown(root: string, { name, state }: Environment): string | undefined {
  const file = `state/${name}/${foundation}.tfstate`;
  if (state.backend !== "local" || fs.existsSync(path.join(root, file))) return undefined;
  return `the foundation: its state is not here (${file}): it was deployed from elsewhere, or not at all`;
}

/**
 * Compares the foundation with Terraform's state: what was deployed, whatever this working tree says by now.
 *
 * Terraform reads each resource anew and changes nothing, neither in the cluster nor in its state.
 *
 * @throws OperationError when Terraform fails
 */
export async function foundationDrift(
  context: CdktfContext,
  environment: Environment,
  masker: Masker,
  cluster: { readonly api: KubernetesApi; readonly kinds: Promise<ResourceKinds> },
): Promise<FoundationDrift> {
  await synthesized(context);
  const json = await refreshed(context, environment);
  const resources = plannedResources(
    foundation,
    { resource_changes: listAt(json, "resource_drift") },
    masker,
  );
  const kinds = await cluster.kinds;
  const drifted = await Promise.all(
    resources.map(async (resource): Promise<ResourceDrift[]> => {
      const [pair] = objectPairs(resource);
      if (!pair?.old) return [];
      const live = pair.new && withOwners(pair.new, await liveObject(cluster.api, kinds, pair.new));
      const drift = objectDrift(withoutComputed(pair.old), live);
      return drift ? [{ ...drift, address: resource.address }] : [];
    }),
  );
  const known = listAt(json, "prior_state", "values", "root_module", "resources");
  return {
    compared: known.length + resources.filter(({ action }) => action === "destroy").length,
    known: new Set(known.map(keyOf)),
    resources: drifted.flat(),
    // Of a Secret that is gone the state before still has it.
    credentialsRevision: revisionIn([
      ...known.map((resource) => fieldAt(resource, "values")),
      ...listAt(json, "resource_drift").map((resource) => fieldAt(resource, "change", "before")),
    ]),
  };
}

/** What makes an object of the foundation the same one: Terraform knows no groups. */
export function foundationKey({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
}

function keyOf(resource: unknown): string {
  const [pair] = objectPairs({
    stack: foundation,
    address: "",
    type: String(fieldAt(resource, "type")),
    action: "change",
    after: fieldAt(resource, "values") as Fields,
  });
  return pair?.new ? foundationKey(pair.new) : "";
}

/** What Terraform finds when it reads everything anew. Credentials are not needed for that. */
function refreshed(context: CdktfContext, environment: Environment): Promise<unknown> {
  const asked: CdktfContext = { ...context, credentials: { values: placeholders(), revision: 1 } };
  return withPlanFiles([workingDirectory(context, foundation)], async ([file = ""]) => {
    const plan = await terraformInitialized(asked, foundation, [
      ...["plan", "-refresh-only", "-input=false", "-lock=false", "-no-color", `-out=${file}`],
    ]);
    if (plan.exitCode !== 0) throw terraformError(foundation, plan, environment);
    const shown = await terraform(asked, foundation, ["show", "-json", file]);
    if (shown.exitCode !== 0) throw terraformError(foundation, shown, environment);
    return JSON.parse(shown.stdout) as unknown;
  });
}

function revisionIn(resources: readonly unknown[]): number | undefined {
  const secret = resources.find(
    (values) => fieldAt(listAt(values, "metadata")[0], "name") === credentialsSecretName,
  );
  const revision = fieldAt(secret, "data_wo_revision");
  return typeof revision === "number" ? revision : undefined;
}

/** What the API server counts and nobody sets. */
function withoutComputed({ id, ...object }: KubernetesObject): KubernetesObject {
  void id;
  const { generation, resourceVersion, uid, ...metadata } = object.metadata;
  void [generation, resourceVersion, uid];
  return { ...(object as KubernetesObject), metadata: metadata as KubernetesObject["metadata"] };
}

/** Terraform knows no owners of fields: the API server does. */
function withOwners(object: KubernetesObject, live: KubernetesObject | undefined): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, managedFields: live?.metadata.managedFields } };
}

function liveObject(
  api: KubernetesApi,
  kinds: ResourceKinds,
  { kind, metadata }: KubernetesObject,
): Promise<KubernetesObject | undefined> {
  const found = kinds.all.find((one) => one.kind === kind);
  if (!found) return Promise.resolve(undefined);
  return api.find(`${collectionPath(found, metadata.namespace ?? "")}/${metadata.name}`);
}
