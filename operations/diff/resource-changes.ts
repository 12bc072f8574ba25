import { isMap } from "../../settings/yaml-file";
import { fieldAt, type Fields, listAt } from "../cluster/kubernetes-object";
import type { Masker } from "../secrets/masking";
import { type LineDiff, unifiedDiff } from "./unified-diff";

export type ResourceAction = "add" | "change" | "replace" | "destroy";

/** What happens to one resource of Terraform. */
export interface ResourceChange extends LineDiff {
  readonly stack: string;
  /** Such as `kubernetes_namespace_v1.chat_namespace_4BC0F91E`. */
  readonly address: string;
  readonly action: ResourceAction;
}

/** A resource before and after, masked. */
export interface PlannedResource {
  readonly stack: string;
  readonly address: string;
  readonly type: string;
  readonly action: ResourceAction | "none";
  /** @default - undefined where it is created */
  readonly before?: Fields;
  /** @default - undefined where it is destroyed */
  readonly after?: Fields;
}

/**
 * The resources and outputs of a plan.
 *
 * @param json what `terraform show -json` prints of the plan
 */
export function plannedResources(stack: string, json: unknown, masker: Masker): PlannedResource[] {
  const resources = listAt(json, "resource_changes")
    .filter((resource) => fieldAt(resource, "mode") === "managed")
    .map((resource) => ({
      stack,
      address: String(fieldAt(resource, "address")),
      type: String(fieldAt(resource, "type")),
      ...change(fieldAt(resource, "change"), masker),
    }));
  const outputs = Object.entries((fieldAt(json, "output_changes") ?? {}) as Fields).map(([name, output]) => ({
    stack,
    address: `output.${name}`,
    type: "output",
    ...change(output, masker),
  }));
  return [...resources, ...outputs.filter(({ action }) => action !== "none")];
}

/** The resources of a synthesized stack, as if everything in it were new. */
export function configuredResources(stack: string, configuration: unknown): PlannedResource[] {
  const types = (fieldAt(configuration, "resource") ?? {}) as Fields;
  return Object.entries(types).flatMap(([type, resources]) =>
    Object.entries(isMap(resources) ? resources : {}).map(([name, resource]) => ({
      stack,
      address: `${type}.${name}`,
      type,
      action: "add" as const,
      after: withoutNotes(resource),
    })),
  );
}

/** CDKTF writes the constructs' paths beside the attributes; the order is the plan's matter. */
function withoutNotes(resource: unknown): Fields {
  return Object.fromEntries(
    Object.entries(isMap(resource) ? resource : {}).filter(([key]) => key !== "//" && key !== "depends_on"),
  );
}

/** What of the resources changes. A release's values are not shown here: its manifests say what they do. */
export function resourceChanges(resources: readonly PlannedResource[]): ResourceChange[] {
  return resources.flatMap(({ stack, address, type, action, before, after }) => {
    if (action === "none") return [];
    return [{ stack, address, action, ...unifiedDiff(shown(type, before), shown(type, after)) }];
  });
}

function shown(type: string, attributes: Fields | undefined): Fields | undefined {
  if (!attributes) return undefined;
  const hidden =
    type === "helm_release" ? ["values", "metadata", "manifest", "resources", "chart", "id"] : [];
  return Object.fromEntries(
    Object.entries(attributes).filter(([name, value]) => !hidden.includes(name) && !isEmpty(value)),
  );
}

/** A plan names every attribute of a resource, most of which nobody sets. */
function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

const computed = "(known after apply)";

function change(found: unknown, masker: Masker): Pick<PlannedResource, "action" | "before" | "after"> {
  const before = masker.sensitive(fieldAt(found, "before"), fieldAt(found, "before_sensitive"));
  const after = masker.sensitive(
    withUnknown(fieldAt(found, "after"), fieldAt(found, "after_unknown")),
    fieldAt(found, "after_sensitive"),
  );
  return { action: action(listAt(found, "actions")), before: asFields(before), after: asFields(after) };
}

function action(actions: readonly unknown[]): PlannedResource["action"] {
  if (actions.includes("create")) return actions.includes("delete") ? "replace" : "add";
  if (actions.includes("delete")) return "destroy";
  // A resource that Terraform forgets stays in the cluster, but nobody manages it any more.
  if (actions.includes("forget")) return "destroy";
  return actions.includes("update") ? "change" : "none";
}

/** An output may be any value. */
function asFields(value: unknown): Fields | undefined {
  if (value === null || value === undefined) return undefined;
  return isMap(value) ? value : { value };
}

function withUnknown(value: unknown, unknown: unknown): unknown {
  if (unknown === true) return computed;
  if (Array.isArray(value)) return value.map((item, i) => withUnknown(item, (unknown as unknown[])?.[i]));
  if (!isMap(unknown)) return value;
  const known = isMap(value) ? value : {};
  return Object.fromEntries(
    [...new Set([...Object.keys(known), ...Object.keys(unknown)])].map((key) => [
      key,
      withUnknown(known[key], unknown[key]),
    ]),
  );
}
