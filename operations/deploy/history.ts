import type { DeployRecord } from "../cluster/deploy-record";

import type { StoredRelease } from "../helm/stored-release";

/** A record as it is to be read: nobody notes that they were killed. */
export interface HistoryRecord extends Omit<DeployRecord, "result"> {
  readonly result: DeployRecord["result"] | "cut off";
}

/** One revision of a release, and the change that made it. */
export interface HistoryRevision extends Pick<
  StoredRelease,
  "revision" | "status" | "chart" | "version" | "description"
> {
  /** When it was begun: ISO 8601, UTC, by the clock of whoever deployed it. */
  readonly deployedAt: string;
  /** @default - it was made by other means, such as Helm by hand */
  readonly by?: HistoryRecord;
}

/** The revisions of one application, the newest first. */
export interface ApplicationHistory {
  readonly name: string;
  readonly namespace: string;
  readonly revisions: readonly HistoryRevision[];
}

/** What was done to an environment, as far as the cluster knows it. */
export interface History {
  readonly environment: string;
  readonly context: string;
  readonly applications: readonly ApplicationHistory[];
  /** Changes that made no revision that is still there: of the foundation alone, stopped before, or with nothing to do. */
  readonly others: readonly HistoryRecord[];
}

/**
 * Puts Helm's revisions and the records of the deploys together: a revision belongs to the change during which it was made.
 *
 * @param entries by release, the newest first
 * @param found the records, the newest first
 * @param changing whether somebody changes the environment at this moment
 */
export function historyOf(
  { environment, context }: Pick<History, "environment" | "context">,
  applications: readonly string[],
  entries: readonly StoredRelease[],
  found: readonly DeployRecord[],
  changing: boolean,
): History {
  const records = found.map((record, i): HistoryRecord => {
    const cutOff = record.result === "running" && !(changing && i === 0);
    return cutOff ? { ...record, result: "cut off" } : record;
  });
  const made = (time: string): HistoryRecord | undefined =>
    records.find((record, i) => isDuring(time, record, records[i - 1]));
  const names = [...new Set([...applications, ...entries.map((entry) => entry.name)])];
  const histories = names.map((name) => {
    const own = entries.filter((entry) => entry.name === name);
    return {
      name,
      namespace: own[0]?.namespace ?? name,
      revisions: own.map(({ revision, status, chart, version, description, ...entry }) => {
        const deployedAt = entry.deployedAt.toISOString();
        const by = made(deployedAt);
        return { revision, status, chart, version, deployedAt, description, ...(by && { by }) };
      }),
    };
  });
  const used = new Set(histories.flatMap(({ revisions }) => revisions.map(({ by }) => by?.id)));
  return {
    environment,
    context,
    applications: histories,
    others: records.filter(({ id }) => !used.has(id)),
  };
}

/**
 * Whether something happened during a change.
 *
 * @param next the change after it: one that was killed has no end, and the next did not begin before
 */
function isDuring(
  time: string,
  { startedAt, endedAt, result }: HistoryRecord,
  next?: HistoryRecord,
): boolean {
  const end = endedAt ?? next?.startedAt;
  return result !== "no changes" && time !== "" && startedAt <= time && (end === undefined || time <= end);
}
