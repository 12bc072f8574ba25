/** What changes an environment. */
export type RecordedAction =
  "deploy" | "destroy" | "rollback" | "unlock" | "rotate" | "fix" | "backup" | "restore";

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
  /** How long the pods of each release may take to become ready, in seconds, by its name. @default - not known */
  readonly timeouts?: { readonly [release: string]: number };
  /** `running` where nobody wrote how it ended. */
  readonly result: "running" | "succeeded" | "failed" | "interrupted" | "no changes";
  /** Why it failed, or what was done, in a sentence. @default - nothing more is to be said */
  readonly note?: string;
  /** How often the containers of releases had been restarted when it began. @default - of those that are left out, never */
  readonly before?: readonly RestartedRelease[];
  /** The releases that there were when it ended. */
  readonly releases: readonly RecordedRelease[];
}

/** A release, and how often the containers of its pods had been restarted, all together. */
export interface RestartedRelease {
  readonly name: string;
  /** Helm's revision. */
  readonly revision: number;
  readonly restarts: number;
}

export interface RecordedRelease {
  readonly name: string;
  readonly chart: string;
  /** Version of the chart. */
  readonly version: string;
  /** Helm's revision. */
  readonly revision: number;
  readonly status: string;
  /** How often its containers had been restarted, where some of that was during the change. @default - none was */
  readonly restarts?: number;
}
