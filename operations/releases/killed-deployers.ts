import type { DeployRecord } from "../cluster/deploy-record";
import type { LockHolder } from "../cluster/deploy-lock";
import { byTerraform } from "./commits-to-revert";

/** Somebody who changed an environment and was killed while they did. */
export interface KilledDeployer {
  /** Such as `mira@laptop (process 4711)`. */
  readonly identity: string;
  /** Whether Terraform alone made what they began: others' Helm is not theirs. */
  readonly byTerraform: boolean;
  /** Whether they did it on this machine. */
  readonly here: boolean;
  readonly from: Date;
  /** When they were gone at the latest. */
  readonly until: Date;
}

/** How long after the last renewal a holder may have gone on: as long as the lock lasts. */
const lockMs = 15_000;

/** No change takes longer. */
const longestMs = 2 * 60 * 60 * 1000;

/** The clock is one, but it is not read at the same moment. */
const toleranceMs = 2000;

/**
 * Who was killed: whoever does not renew the lock that they took, and those whose record was never ended, which outlives
 * the lock when the next deploy takes it over.
 *
 * @param holder who has the lock and does not renew it
 * @param records the newest first, while nobody holds the lock
 * @param hostname of this machine
 */
export function killedDeployers(
  holder: LockHolder | undefined,
  records: readonly DeployRecord[],
  hostname: string,
): KilledDeployer[] {
  const unended = records.flatMap((record, i): KilledDeployer[] => {
    if (record.endedAt !== undefined) return [];
    const from = new Date(record.startedAt);
    // Whoever came next had the lock, so that they were gone by then.
    const next = records[i - 1]?.startedAt;
    const end = Math.min(from.getTime() + longestMs, next ? new Date(next).getTime() : Infinity);
    // Nobody knows when they were killed: what Helm made since may be somebody else's.
    const terraforms = ["deploy", "destroy", "rotate"].includes(record.action);
    const here = record.host === hostname;
    return [{ identity: record.who, byTerraform: terraforms, here, from, until: new Date(end) }];
  });
  if (!holder) return unended;
  const { identity, host, since, renewed } = holder;
  const until = new Date(renewed.getTime() + lockMs);
  return [{ identity, byTerraform: false, here: host === hostname, from: since, until }, ...unended];
}

/** Whether something was begun by somebody who was killed. */
export function isTheirs(killed: KilledDeployer, since: Date, madeBy?: string): boolean {
  const at = since.getTime();
  if (at < killed.from.getTime() - toleranceMs || at > killed.until.getTime()) return false;
  return !killed.byTerraform || madeBy === undefined || byTerraform(madeBy);
}
