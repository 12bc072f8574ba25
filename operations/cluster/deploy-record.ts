/** What changes an environment. */
export type RecordedAction = "deploy" | "destroy" | "rollback" | "unlock" | "rotate" | "fix";

/** Who changed an environment, when, from which commit, and how it ended. Never a secret's value. */
export interface DeployRecord {
  /** Sorts by time. */
  readonly id: string;
  readonly action: RecordedAction;
  /** Such as `mira@laptop`. */
  readonly who: string;
  /** Name of the machine. @default - not known */
  readonly host?: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** @default - undefined as long as it runs, or where it was killed */
  readonly endedAt?: string;
  /** @default - undefined outside a Git repository */
  readonly commit?: string;
  /** Whether the working tree had changes that are in no commit. @default - undefined outside a Git repository */
  readonly dirty?: boolean;
  /** `running` where nobody wrote how it ended. */
  readonly result: "running" | "succeeded" | "failed" | "interrupted" | "no changes";
  /** Why it failed, or what was done, in a sentence. @default - nothing more is to be said */
  readonly note?: string;
  /** The releases that there were when it ended. */
  readonly releases: readonly RecordedRelease[];
}

export interface RecordedRelease {
  readonly name: string;
  readonly chart: string;
  /** Version of the chart. */
  readonly version: string;
  /** Helm's revision. */
  readonly revision: number;
  readonly status: string;
}
