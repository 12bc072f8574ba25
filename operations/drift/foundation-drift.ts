import * as fs from "node:fs";
import * as path from "node:path";
import { secretsOf } from "../../applications/credentials";
import type { LiveObjects } from "../cluster/live-objects";
import { placeholders, revisionsIn } from "../terraform/credentials-for-plan";
import { fieldAt, type Fields, type KubernetesObject, listAt } from "../cluster/kubernetes-object";
import type { Masker } from "../secrets/masking";
import { withPlanFiles } from "../terraform/plan-directory";
import { type DeployedHow, isAdded, ownersForgotten } from "../diff/field-differences";
import { type ObjectDrift, objectDrift } from "../diff/live-differences";
import { type PlannedResource, plannedResources } from "../diff/resource-changes";
import { planStack } from "../diff/plan-stacks";
import { objectPairs } from "../diff/terraform-object";
import type { Environment } from "../../settings/environment";
import { type CdktfContext, type Revisions, stacks, synthesize, workingDirectory } from "../terraform/cdktf";

/** What differs of the foundation, and what Terraform's state says of it. */
export interface FoundationDrift {
  /** How many resources were compared. */
  readonly compared: number;
  /** What Terraform has in its state, as {@link foundationKey} writes it. */
  readonly known: ReadonlySet<string>;
  /** What was changed or is gone, which Terraform puts back. */
  readonly resources: readonly ResourceDrift[];
  /** What was added, some of which Terraform does not see. */
  readonly added: readonly AddedDrift[];
  /** Of which nobody knows what was added. */
  readonly forgotten: readonly KubernetesObject[];
  /** Of the Secrets that were deployed and are Terraform's. */
  readonly revisions: Revisions;
}

export interface ResourceDrift extends ObjectDrift {
  /** Terraform's, such as `kubernetes_network_policy_v1.chat_allow_1A2B3C4D`. */
  readonly address: string;
}

/** What was added to an object, and by what that was told. */
export interface AddedDrift extends ObjectDrift, Pick<DeployedHow, "deployedUntil"> {}

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
  cluster: Promise<LiveObjects>,
): Promise<FoundationDrift> {
  await synthesize(context);
  const json = await refreshed(context, environment);
  const resources = plannedResources(
    foundation,
    { resource_changes: listAt(json, "resource_drift") },
    masker,
  );
  const known = listAt(json, "prior_state", "values", "root_module", "resources").filter(
    (resource) => fieldAt(resource, "mode") === "managed",
  );
  const found = await cluster;
  const unchanged = known
    .map(asItIs)
    .filter(({ address }) => !resources.some((resource) => resource.address === address));
  const compared = await Promise.all(
    [...unchanged, ...resources].map(async (resource) => {
      const [pair] = objectPairs(resource);
      if (!pair?.old) return {};
      const deployed = withoutComputed(pair.old);
      const live = pair.new && (await found.find(pair.new));
      const changed = onlyChanged(deployed, pair.new && withOwners(pair.new, live));
      // Terraform sees of these that they were changed since it set them, whoever calls themselves so.
      const how = resources.includes(resource) ? { deployedUntil: "" } : {};
      return {
        changed: changed && { ...changed, address: resource.address },
        added: live && onlyAdded(withCredentials(deployed, live, environment), live, how),
        forgotten: live && ownersForgotten(deployed, live) ? live : undefined,
      };
    }),
  );
  return {
    compared: compared.length,
    known: new Set(known.map(keyOf)),
    resources: compared.flatMap(({ changed }) => changed ?? []),
    added: compared.flatMap(({ added }) => added ?? []),
    forgotten: compared.flatMap(({ forgotten }) => forgotten ?? []),
    // Of a Secret that is gone the state before still has it.
    revisions: revisionsIn(
      [
        ...known.map((resource) => fieldAt(resource, "values")),
        ...listAt(json, "resource_drift").map((resource) => fieldAt(resource, "change", "before")),
      ],
      environment,
    ),
  };
}

/** What was changed of an object, or that it is gone, as Terraform reads it: of what was added it does not see all. */
function onlyChanged(
  deployed: KubernetesObject,
  live: KubernetesObject | undefined,
): ObjectDrift | undefined {
  const drift = objectDrift(deployed, live);
  const fields = drift?.fields.filter((field) => !isAdded(field)) ?? [];
  return drift && (fields.length > 0 || !live) ? { ...drift, fields } : undefined;
}

/** What was added to an object. */
export function onlyAdded(
  deployed: KubernetesObject,
  live: KubernetesObject | undefined,
  how: Pick<DeployedHow, "deployedUntil">,
): AddedDrift | undefined {
  const drift = live && objectDrift(deployed, live, how);
  const fields = drift?.fields.filter(isAdded) ?? [];
  return drift && fields.length > 0 ? { ...drift, ...how, fields } : undefined;
}

/** What makes an object of the foundation the same one: Terraform knows no groups. */
export function foundationKey({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
}

function keyOf(state: unknown): string {
  const [pair] = objectPairs(asItIs(state));
  return pair?.new ? foundationKey(pair.new) : "";
}

/** A resource of the state as if nothing of it had changed. */
function asItIs(state: unknown): PlannedResource {
  const values = fieldAt(state, "values") as Fields;
  const [address, type] = [String(fieldAt(state, "address")), String(fieldAt(state, "type"))];
  return { stack: foundation, address, type, action: "change", before: values, after: values };
}

/** What Terraform finds when it reads everything anew. Credentials are not needed for that. */
function refreshed(context: CdktfContext, environment: Environment): Promise<unknown> {
  const asked: CdktfContext = {
    ...context,
    credentials: { values: placeholders(environment), revisions: {} },
  };
  return withPlanFiles([workingDirectory(context, foundation)], async ([file = ""]) => {
    const args = ["-refresh-only", "-lock=false"];
    return (await planStack(asked, environment, foundation, args, file)).json;
  });
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

/** Of a Secret that Terraform fills it knows no key; whether the values are those that were deployed is asked elsewhere. */
function withCredentials(
  deployed: KubernetesObject,
  live: KubernetesObject,
  environment: Environment,
): KubernetesObject {
  const { kind, metadata } = deployed;
  const secret = secretsOf(environment).find(
    ({ name, namespace }) => kind === "Secret" && name === metadata.name && namespace === metadata.namespace,
  );
  if (!secret) return deployed;
  const data = Object.fromEntries(Object.keys(secret.keys).map((key) => [key, fieldAt(live, "data", key)]));
  return { ...deployed, data };
}
