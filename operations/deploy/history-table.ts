import { columns, sections } from "../terminal/columns";
import type { ApplicationHistory, History, HistoryRecord, HistoryRevision } from "./history";

/** The history for a terminal of 80 columns. Times are UTC. */
export function historyTable({ environment, context, applications, others }: History): string {
  const head = [
    ["environment", environment],
    ["context", context],
  ];
  const heading = ["when (UTC)", "what", "result", "commit", "by"];
  return sections([
    columns([12], head),
    ...applications.map(applicationSection),
    [
      "without a revision of their own",
      others.length ? columns([16, 8, 11, 8], [heading, ...others.map(recordRow)]) : "",
    ],
  ]);
}

function applicationSection({ name, namespace, revisions }: ApplicationHistory): readonly [string, string] {
  const heading = ["rev", "chart", "status", "when (UTC)", "commit", "by"];
  return [
    `${name} in ${namespace}`,
    revisions.length
      ? [
          columns([4, 8, 15, 16, 8], [heading, ...revisions.map(revisionRow)]),
          ...revisions.filter(isFailed).map(({ revision, by, description }) => {
            return `why ${revision} failed\n${columns([4], [["", by?.note ?? description]])}`;
          }),
        ].join("\n")
      : "not deployed",
  ];
}

function isFailed({ status }: HistoryRevision): boolean {
  return status === "failed";
}

function revisionRow(revision: HistoryRevision): string[] {
  const { version, status, deployedAt, description, by } = revision;
  // What went well is none the worse for another release that did not, or was not reached.
  const isGood = ["deployed", "superseded"].includes(status) && by?.result !== "cut off";
  const restarts = by?.releases.find((one) => one.revision === revision.revision)?.restarts;
  const who = by
    ? `${by.who}, ${by.action}${isGood || by.result === "succeeded" ? "" : ` (${by.result})`}${restarts && isGood ? ", ready after restarts" : ""}`
    : `not this program: ${description}`;
  return [String(revision.revision), version, status, minute(deployedAt), commitOf(by), who];
}

function recordRow(record: HistoryRecord): string[] {
  const { action, startedAt, who, result, note } = record;
  return [minute(startedAt), action, result, commitOf(record), note ? `${who}: ${note}` : who];
}

/** A commit as people write it; + where the working tree had changes that are in none. */
function commitOf(record: HistoryRecord | undefined): string {
  if (!record?.commit) return "";
  return `${record.commit.slice(0, 7)}${record.dirty ? "+" : ""}`;
}

function minute(time: string): string {
  return time.slice(0, 16).replace("T", " ");
}
