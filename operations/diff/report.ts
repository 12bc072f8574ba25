import type { ObjectChange } from "./compare-objects";
import { isAdded } from "./field-differences";
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
  const { object, field, changedBy, changedAt } = difference;
  if (field === "") return `${object} is gone from the cluster`;
  // Of what goes through a subresource, such as kubectl scale, the API server keeps the name alone.
  const at = changedAt ? ` at ${changedAt}` : "; when, the API server does not say";
  const who = changedBy ? ` (set by ${changedBy}${at})` : "";
  const [deployed, live] = shortValues(difference);
  return `${object} ${field}: deployed ${deployed}, live ${live}${who}`;
}

/** The longest that a value is shown. */
const longest = 120;

/** Both sides in a line each, so that they differ in what is shown. */
function shortValues({ deployed, live }: Pick<LiveDifference, "deployed" | "live">): string[] {
  const text = (value: unknown): string =>
    value === undefined
      ? "nothing"
      : typeof value === "string" && value !== ""
        ? JSON.stringify(value).slice(1, -1)
        : JSON.stringify(value);
  const sides = [deployed, live].map(text);
  const [a = "", b = ""] = sides;
  if (a === b) return [deployed, live].map((value) => JSON.stringify(value) ?? "nothing");
  // From a few characters before the first that differs, where that would be cut off.
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const start = same < longest - 20 ? 0 : same - 20;
  return sides.map((side) => {
    const cut = `${start > 0 ? "…" : ""}${side.slice(start)}`;
    return cut.length > longest ? `${cut.slice(0, longest - 1)}…` : cut;
  });
}

/** What becomes of somebody else's changes to a release. */
export function liveOutlook({ action, live }: ReleaseReport): string {
  if (action === "none") return "no plan sees it: a deploy leaves it as it is";
  return live.some(isAdded)
    ? "this deploy puts back what the charts set, and leaves what was added: npm run drift -- --fix takes it away"
    : "this deploy puts back what the charts set";
}

/** Whether a resource's attributes are shown: not those that come or go, and not outputs, which follow from the rest. */
export function hasDetails({ action, address, text }: ResourceChange): boolean {
  return text !== "" && (action === "change" || action === "replace") && !address.startsWith("output.");
}
