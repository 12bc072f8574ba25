import type { DeployRecord } from "./deploy-record";

/** How many records are kept. */
const kept = 50;

/**
 * Which records stay when there are more than 50: those of deploys that changed nothing go first, then the oldest.
 *
 * @returns the newest first
 */
export function keptRecords(records: readonly DeployRecord[], most = kept): DeployRecord[] {
  const newestFirst = [...records].sort((a, b) => b.id.localeCompare(a.id));
  let surplus = newestFirst.length - most;
  const unimportant = newestFirst
    // The newest says which commit the cluster is known to agree with.
    .filter(({ result }, i) => i > 0 && result === "no changes")
    .reverse()
    .slice(0, Math.max(surplus, 0));
  surplus -= unimportant.length;
  return newestFirst
    .filter((record) => !unimportant.includes(record))
    .slice(0, surplus > 0 ? -surplus : undefined);
}
