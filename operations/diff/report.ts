import type { ObjectChange } from "./compare-objects";
import type { LiveDifference } from "./live-differences";
import type { ResourceAction, ResourceChange } from "./resource-changes";
import type { Warning } from "./warnings/warning";

/** What a deploy would change, without a secret value. */
export interface DiffReport {
  readonly environment: string;
  /** What is compared with this working tree: the cluster, or another revision of the repository. */
  readonly against: { readonly context: string; readonly kubeconfig: string } | { readonly revision: string };
  /** What a reader must know to read the rest, one sentence each. */
  readonly notes: readonly string[];
  readonly warnings: readonly Warning[];
  readonly resources: readonly ResourceChange[];
  readonly releases: readonly ReleaseReport[];
}

/** What a deploy would change in one release. */
export interface ReleaseReport {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  readonly versions: { readonly old?: string; readonly new?: string };
  /** The revision in the cluster that the new one is compared with. @default - undefined where there is none */
  readonly revision?: number;
  /** What Terraform does with the release; `none` where it sees no difference. */
  readonly action: ResourceAction | "none";
  readonly objects: readonly ObjectChange[];
  readonly live: readonly LiveDifference[];
}

/** Whether a report says that anything differs. */
export function differs({ resources, releases }: DiffReport): boolean {
  return resources.length > 0 || releases.some(({ objects, live }) => objects.length > 0 || live.length > 0);
}

/** The environment and what it is compared with, in words. */
export function comparedWith({ against }: DiffReport): string {
  return "revision" in against
    ? `revision ${against.revision}`
    : `${against.context} in ${against.kubeconfig}`;
}

/** `1.42.0 → 1.77.0`, or one of them where there is no other. */
export function versionChange({ versions }: ReleaseReport): string {
  if (versions.old === versions.new) return versions.new ?? "";
  return `${versions.old ?? "not deployed"} → ${versions.new ?? "removed"}`;
}

/** How many resources of each action, such as `1 to add, 2 to change`. */
export function resourceCounts(resources: readonly ResourceChange[]): string {
  const actions: ResourceAction[] = ["add", "change", "replace", "destroy"];
  return actions
    .map((action) => [action, resources.filter((resource) => resource.action === action).length] as const)
    .filter(([, count]) => count > 0)
    .map(([action, count]) => `${count} to ${action}`)
    .join(", ");
}

/** A difference between what was deployed and what is there, in words. */
export function liveSentence(difference: LiveDifference): string {
  const { object, field, deployed, live, changedBy, changedAt } = difference;
  if (field === "") return `${object} is gone from the cluster`;
  const who = changedBy ? ` (set by ${changedBy}${changedAt ? ` at ${changedAt}` : ""})` : "";
  return `${object} ${field}: deployed ${shortValue(deployed)}, live ${live === undefined ? "nothing" : shortValue(live)}${who}`;
}

function shortValue(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = JSON.stringify(text).slice(1, -1);
  return line.length > 120 ? `${line.slice(0, 117)}…` : line;
}

/** What becomes of somebody else's changes to a release. */
export function liveOutlook({ action }: ReleaseReport): string {
  return action === "none"
    ? "Terraform does not see it: a deploy leaves it as it is"
    : "this deploy puts back what the charts set";
}

/** Whether a resource's attributes are shown: not those that come or go, and not outputs, which follow from the rest. */
export function hasDetails({ action, address, text }: ResourceChange): boolean {
  return text !== "" && (action === "change" || action === "replace") && !address.startsWith("output.");
}
