import { columns, sections } from "../terminal/columns";
import { duration, type StuckRelease, type StuckStateLock } from "./stuck";

/** What is stuck, and what could not be looked at. */
export interface StuckThings {
  readonly releases: readonly StuckRelease[];
  readonly locks: readonly StuckStateLock[];
  /** One sentence each. */
  readonly notChecked: readonly string[];
}

/** What is stuck, for a terminal of 80 columns. */
export function stuckText({ releases, locks, notChecked }: StuckThings, rollback: boolean): string {
  return sections([
    ...releases.map(({ pending, good, free, why }) =>
      columns(
        [10],
        [
          ["release", `${pending.name} in ${pending.namespace}, revision ${pending.revision}`],
          ["status", `${pending.status}, since ${ago(pending.deployedAt)}`],
          ...(pending.madeBy ? [["made by", pending.madeBy]] : []),
          [free ? "free" : "leave", why],
          ...(free ? [["then", outcome(rollback, pending.revision, good?.revision)]] : []),
        ],
      ),
    ),
    ...locks.map(({ lock, free, why }) =>
      columns(
        [10],
        [
          ["lock", `on the state of ${lock.stack}`],
          ["held by", `${lock.who} (${lock.operation}), since ${ago(lock.created)}`],
          [free ? "free" : "leave", why],
          ...(free ? [["then", "the lock is taken away; the state stays as it is"]] : []),
        ],
      ),
    ),
    columns(
      [12],
      notChecked.map((text) => ["not checked", text]),
    ),
    releases.length + locks.length ? "" : "nothing is stuck",
  ]);
}

function outcome(rollback: boolean, pending: number, good?: number): string {
  if (good === undefined && pending > 1) {
    return "marked failed: it has no good revision to go back to, and the next deploy upgrades it";
  }
  if (good === undefined) return "marked failed: it was never deployed, and the next deploy installs it";
  if (rollback) return `rolled back to revision ${good}, the last one that was deployed`;
  return `marked failed: the next deploy upgrades it (--rollback goes back to revision ${good} instead)`;
}

function ago(time: Date): string {
  return `${time.toISOString()} (${duration((Date.now() - time.getTime()) / 1000)} ago)`;
}
