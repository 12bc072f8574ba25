import type { LiveDifference } from "../diff/live-differences";
import type { StoredRelease } from "../helm/stored-release";
import { liveSentence } from "../diff/report";

/** What differs in the cluster from what was deployed, without a secret value. */
export interface DriftReport {
  readonly environment: string;
  readonly context: string;
  readonly parts: readonly DriftPart[];
  readonly byHand: readonly HandMadeRevision[];
  /** Objects that nobody here deployed. @default - undefined where they were not looked for */
  readonly unknown?: readonly UnknownObject[];
  /** What could not be compared, and why, one sentence each. */
  readonly notChecked: readonly string[];
}

/** A release or the foundation. */
export interface DriftPart {
  /** Name of the release, or `foundation`. */
  readonly name: string;
  /** What it is compared with, in words, such as `revision 3, chat 1.77.0`. */
  readonly comparedWith: string;
  /** How many objects were compared. */
  readonly objects: number;
  readonly differences: readonly LiveDifference[];
}

/** A revision of a release that somebody made with Helm. */
export interface HandMadeRevision extends Pick<
  StoredRelease,
  "revision" | "status" | "description" | "madeBy"
> {
  readonly release: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

export interface UnknownObject {
  /** Such as `Deployment/debug`. */
  readonly object: string;
  /** Empty where it is in none. */
  readonly namespace: string;
  /** What it does in the platform's namespaces, or what became of it there. @default - it is there, and nobody deployed it */
  readonly does?: string;
  /** The program that made it. @default - not known */
  readonly madeBy?: string;
  /** ISO 8601, UTC. @default - not known */
  readonly since?: string;
}

/** Whether anything drifted. */
export function drifted(report: DriftReport): boolean {
  return canBePutBack(report) || (report.unknown ?? []).length > 0;
}

/** Whether there is anything that `--fix` puts back: what is unknown it leaves. */
export function canBePutBack({ byHand, parts }: DriftReport): boolean {
  return byHand.length > 0 || parts.some(({ differences }) => differences.length > 0);
}

/** What to do about it, in a sentence; undefined where nothing drifted. */
export function remedy(report: DriftReport): string | undefined {
  const { environment, unknown = [] } = report;
  if (canBePutBack(report)) {
    return `put it back with: npm run drift -- --fix --environment ${environment}`;
  }
  return unknown.length > 0
    ? `what is unknown stays: take it away with kubectl, or name it in drift.expected of environments/${environment}.yaml`
    : undefined;
}

/** A part in words. */
export function partSentence({ name, comparedWith, objects, differences }: DriftPart): string {
  const count = differences.length;
  const found = count === 0 ? "as deployed" : `${count} ${count === 1 ? "difference" : "differences"}`;
  return `${name} (${comparedWith}): ${objects} objects, ${found}`;
}

/** A difference in words. Two namespaces of the foundation have objects of the same name. */
export function differenceSentence(difference: LiveDifference, { name }: DriftPart): string {
  const { object, namespace } = difference;
  if (name === namespace || namespace === "") return liveSentence(difference);
  return liveSentence({ ...difference, object: `${object} in ${namespace}` });
}

export function handMadeSentence(made: HandMadeRevision): string {
  const { release, revision, status, description, madeBy, at } = made;
  return `release ${release}: revision ${revision} (${status}: ${description}) was made by ${madeBy ?? "somebody"} at ${at}, by no deploy`;
}

export function unknownSentence({ object, namespace, does, madeBy, since }: UnknownObject): string {
  const who = madeBy ? ` (${does ? "set" : "made"} by ${madeBy}${since ? ` at ${since}` : ""})` : "";
  return `${object} ${does ?? `in ${namespace}`}: nobody deployed it${who}`;
}
