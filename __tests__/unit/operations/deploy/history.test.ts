import type { DeployRecord } from "../../../../operations/cluster/deploy-record";

import { historyOf } from "../../../../operations/deploy/history";
import { storedRelease } from "../../../../operations/helm/stored-release";
import { secret } from "../releases/releases";
import { historyTable } from "../../../../operations/deploy/history-table";
import { wideLines } from "../../../printed";

const time = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, "0")}:00.000Z`;

const entry = (revision: number, minute: number) => storedRelease(secret({ revision, at: time(minute) }));

const record = (id: string, from: number, to?: number, result: DeployRecord["result"] = "succeeded") => ({
  id,
  action: "deploy" as const,
  who: "mira@laptop",
  startedAt: time(from),
  ...(to !== undefined && { endedAt: time(to) }),
  commit: "0123456789abcdef",
  result,
  releases: [],
});

const where = { environment: "sandbox", context: "sandbox" };

test("a revision belongs to the change during which it was made", () => {
  const records = [record("c", 30, 40), record("b", 20, 25), record("a", 10, 15)];
  const { applications, others } = historyOf(
    where,
    ["ollama"],
    [entry(3, 22), entry(2, 17), entry(1, 12)],
    records,
    false,
  );
  expect(applications[0]?.revisions.map(({ by }) => by?.id)).toEqual(["b", undefined, "a"]);
  expect(others.map(({ id }) => id)).toEqual(["c"]);
});

test("a change that was killed lasted until the next began at the most, and is cut off", () => {
  const records = [record("b", 20, 25), record("a", 10, undefined, "running")];
  const { applications } = historyOf(where, ["ollama"], [entry(2, 22), entry(1, 12)], records, true);
  expect(applications[0]?.revisions.map(({ by }) => [by?.id, by?.result])).toEqual([
    ["b", "succeeded"],
    ["a", "cut off"],
  ]);
});

test("the newest change runs as long as somebody holds the lock", () => {
  const running = [record("a", 10, undefined, "running")];
  const result = (changing: boolean) => historyOf(where, [], [], running, changing).others[0]?.result;
  expect([result(true), result(false)]).toEqual(["running", "cut off"]);
});

test("a deploy that changed nothing made no revision, even at the same time", () => {
  const records = [record("a", 10, 15, "no changes")];
  expect(
    historyOf(where, ["ollama"], [entry(1, 12)], records, false).applications[0]?.revisions[0],
  ).not.toHaveProperty("by");
});

test("the table fits 80 columns, whoever deployed", () => {
  const who = {
    ...record("a", 10, 15, "interrupted"),
    who: "a-rather-long-user-name (GitHub run 12345678901)",
  };
  const table = historyTable(
    historyOf(
      where,
      ["ollama", "librechat"],
      [entry(10, 12), entry(9, 1)],
      [{ ...who, id: "b" }, who],
      false,
    ),
  );
  expect(wideLines(table)).toEqual([]);
  expect(table).toContain("librechat in librechat\nnot deployed");
  expect(table).toContain("0123456");
});

test("of a change that failed, the release that failed says why, and the one that went well is not marked", () => {
  const failed: DeployRecord = {
    ...record("a", 10, 15, "failed"),
    note: "ollama: Pod/ollama-1: image not found: Failed to pull image",
    releases: [
      { name: "ollama", chart: "ollama", version: "1.77.0", revision: 1, status: "deployed", restarts: 2 },
    ],
  };
  const bad = storedRelease(secret({ revision: 2, status: "failed", at: time(13) }));
  const table = historyTable(historyOf(where, ["ollama"], [bad, entry(1, 12)], [failed], false));
  expect(table).toMatch(/^2 .*mira@laptop, deploy$\n +\(failed\)$/m);
  expect(table.replace(/\s+/g, " ")).toContain("mira@laptop, deploy, ready after restarts why 2");
  expect(table).toContain(
    "why 2 failed\n      ollama: Pod/ollama-1: image not found: Failed to pull image\n",
  );
  expect(table.match(/failed\)/g)).toHaveLength(1);
});
