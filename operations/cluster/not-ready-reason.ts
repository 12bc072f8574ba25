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
export function reasonLines({ object, reason, detail, next, log = [] }: NotReadyReason): string[] {
  return [
    `${object}: ${reason}${detail ? `: ${detail}` : ""}`,
    ...log.map((line) => `  | ${line}`),
    `  next: ${next}`,
  ];
}
