/** Why something of a release is not ready, in words. */
export interface NotReadyReason {
  /** Such as `Pod/chat-5d8f9` or `PersistentVolumeClaim/chat`. */
  readonly object: string;
  /** In a few words, such as `unschedulable` or `image not found`. */
  readonly reason: string;
  /** What the cluster says of it, in one line. */
  readonly detail: string;
  /** What to do about it. */
  readonly next: string;
  /** The last lines of the container's log, where they say more. @default - it says no more */
  readonly log?: readonly string[];
}

/** A reason, and the container whose log says more of it. */
export interface NotReadyFinding extends Omit<NotReadyReason, "log"> {
  /** @default - no log says more */
  readonly logOf?: ContainerLog;
  /** @default - it may become ready by itself */
  readonly incurable?: Incurable;
}

/** That waiting does not cure it. */
export interface Incurable {
  /** When it was last tried in vain, by the cluster's clock, in milliseconds. */
  readonly seen: number;
  /** Whether it ends and is started again and again: it may only miss something else that is not ready yet. @default false */
  readonly restarts?: true;
}

/** A container's log. */
export interface ContainerLog {
  readonly pod: string;
  /** Its name. @default - the only one of the pod */
  readonly container?: string;
  /** That of the run before, which has ended. */
  readonly previous: boolean;
}

/** A reason as lines for people, indented by its caller. */
export function reasonLines({ log = [], next, ...reason }: NotReadyReason): string[] {
  return [reasonLine(reason), ...log.map((line) => `  | ${line}`), `  next: ${next}`];
}

/** What is not ready and why, in one line. */
export function reasonLine({
  object,
  reason,
  detail,
}: Pick<NotReadyReason, "object" | "reason" | "detail">): string {
  return `${object}: ${reason}${detail ? `: ${detail}` : ""}`;
}
