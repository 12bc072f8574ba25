import * as fs from "node:fs";
import { z } from "zod";
import { OperationError } from "../errors/operation-error";
import { isAdded } from "./field-differences";
import { type DiffReport, versionChange } from "./report";

/** One thing that a deploy would do, in a form that is the same on every machine. */
const entry = z
  .object({
    /** Such as `foundation: kubernetes_namespace_v1.chat` or `release chat: Deployment/chat in chat`. */
    what: z.string(),
    /** `add`, `change`, `replace`, `destroy`, a change of versions, or `put back` for an edit of the cluster that it undoes. */
    action: z.string(),
    /** The lines that differ, secret values without their hash; empty where there are none. */
    text: z.string(),
  })
  .strict();

const reviewSchema = z
  .object({
    version: z.literal(1),
    environment: z.string(),
    /** The cluster, by the context that the environment pins. */
    context: z.string(),
    entries: z.array(entry),
  })
  .strict();

export type ReviewEntry = z.output<typeof entry>;

/** What a deploy would do, as somebody reviewed it. */
export type Review = z.output<typeof reviewSchema>;

/**
 * What a deploy would do, so that what is deployed later can be held against what was reviewed: without a secret, and the
 * same bytes on every machine for the same files and the same cluster.
 *
 * A release that Terraform leaves alone is not in it, whatever differs in the cluster: a deploy does nothing to it. Of one
 * that is upgraded, the edits of the cluster are in it by their field, which Helm puts back to what the chart says; who made
 * an edit, when, and of what value, changes nothing of that.
 *
 * @throws OperationError for a comparison with another revision, which nobody can deploy
 */
export function reviewOf({ environment, against, resources, releases }: DiffReport): Review {
  if ("revision" in against) {
    throw new OperationError(
      `a comparison with revision ${against.revision} is no plan of a deploy: leave --against out to compare with the cluster`,
    );
  }
  const entries = [
    ...resources.map(({ stack, address, action, text }) => ({ what: `${stack}: ${address}`, action, text })),
    ...releases
      .filter(({ action }) => action !== "none")
      .flatMap((release) => [
        {
          what: `release ${release.name} in ${release.namespace}`,
          action: release.action,
          text: versionChange(release),
        },
        ...release.objects.map(({ object, namespace, action, text }) => ({
          what: `release ${release.name}: ${object} in ${namespace}`,
          action,
          text,
        })),
        ...release.live
          .filter((difference) => !isAdded(difference))
          .map(({ object, namespace, field }) => ({
            what: `release ${release.name}: ${object} in ${namespace}`,
            action: "put back",
            text: field || "the whole object",
          })),
      ]),
  ]
    // The key of the hashes is new for each report.
    .map((entry) => ({ ...entry, text: entry.text.replace(/\(hidden [0-9a-f]{8}\)/g, "(hidden)") }))
    // By code units: a locale would sort otherwise on another machine.
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
  return { version: 1, environment, context: against.context, entries };
}

/** The review as a file: written by `npm run diff -- --review FILE`. */
export function reviewText(review: Review): string {
  return `${JSON.stringify(review, null, 2)}\n`;
}

/**
 * Refuses to deploy what is not the plan that was reviewed. A deploy that has nothing left to do is never refused.
 *
 * @param file what `npm run diff -- --review FILE` wrote
 * @throws OperationError that names what differs, and what to do
 */
export function refuseUnreviewed(report: DiffReport, file: string): void {
  const reviewed = readReview(file);
  const now = reviewOf(report);
  if (reviewed.environment !== now.environment) {
    throw new OperationError(
      `${file}: is a review of the environment ${reviewed.environment}, expected ${now.environment}: name its own`,
    );
  }
  if (reviewed.context !== now.context) {
    throw new OperationError(
      `${file}: is a review of the context ${reviewed.context}, expected ${now.context}: review the plan anew`,
    );
  }
  if (now.entries.length === 0) return;
  const differences = differing(reviewed.entries, now.entries);
  if (differences.length === 0) return;
  throw new OperationError(
    [
      `the plan of ${now.environment} is not the one that was reviewed (${file}): nothing was deployed`,
      ...differences.slice(0, shown),
      ...(differences.length > shown ? [`  and ${differences.length - shown} more`] : []),
      "the files or the cluster changed since. Look at what would change now, and have that reviewed:",
      `  npm run diff -- --environment ${now.environment} --review ${file}`,
    ].join("\n"),
  );
}

/** Differences that an error names one by one. */
const shown = 20;

/** @throws OperationError where there is no such file or it is no review */
function readReview(file: string): Review {
  const remedy = "npm run diff -- --review FILE writes one";
  if (!fs.existsSync(file)) throw new OperationError(`${file}: is not there, expected a review: ${remedy}`);
  let content: unknown;
  try {
    content = JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    throw new OperationError(`${file}: is not JSON, expected a review: ${remedy}`);
  }
  const { success, data } = reviewSchema.safeParse(content);
  if (!success) throw new OperationError(`${file}: is no review of this version of the program: ${remedy}`);
  return data;
}

/** One line for each thing: what is on both sides with other words is changed. */
function differing(reviewed: readonly ReviewEntry[], now: readonly ReviewEntry[]): string[] {
  const lines = new Map<string, string>();
  const add = (entries: readonly ReviewEntry[], others: readonly ReviewEntry[], where: string): void => {
    const known = new Set(others.map(key));
    for (const entry of entries.filter((one) => !known.has(key(one)))) {
      const line = `  ${entry.action} ${entry.what}`;
      lines.set(line, lines.has(line) ? "not as it was reviewed" : where);
    }
  };
  add(now, reviewed, "not in the review");
  add(reviewed, now, "in the review alone");
  return [...lines].map(([line, where]) => `${line}: ${where}`);
}

function key({ what, action, text }: ReviewEntry): string {
  return [what, action, text].join("\0");
}
