import type { DeployRecord } from "../../../../operations/cluster/deploy-record";

import { revisionsByHand } from "../../../../operations/drift/revisions-by-hand";
import { revisions } from "../releases/releases";

const record = (startedAt: string, endedAt?: string): DeployRecord => ({
  id: startedAt,
  action: "rollback",
  who: "mira@laptop",
  startedAt,
  endedAt,
  result: endedAt ? "succeeded" : "running",
  releases: [],
});
const byHand = (all: ReturnType<typeof revisions>, ...records: DeployRecord[]) =>
  revisionsByHand(all, records).map(({ revision }) => revision);

test("what Helm made without a record was made by hand, up to the last deploy", () => {
  const all = revisions({ revision: 3, madeBy: "Helm" }, { revision: 2 }, { revision: 1, madeBy: "Helm" });
  expect(byHand(all)).toEqual([3]);
});

test("what Helm made while a command here ran was made by that, also where it was killed", () => {
  const all = revisions({ revision: 2, madeBy: "Helm", at: "2026-11-20T12:00:00Z" }, { revision: 1 });
  expect(byHand(all, record("2026-11-20T11:59:00Z", "2026-11-20T12:01:00Z"))).toEqual([]);
  expect(byHand(all, record("2026-11-20T11:59:00Z"))).toEqual([]);
  expect(byHand(all, record("2026-11-20T11:00:00Z", "2026-11-20T11:30:00Z"))).toEqual([2]);
  expect(byHand(all, record("2026-11-20T09:00:00Z"))).toEqual([2]);
});

test("a release that nobody here ever deployed was made by hand from the first revision on", () => {
  expect(byHand(revisions({ revision: 2, madeBy: "Helm" }, { revision: 1, madeBy: "Helm" }))).toEqual([2, 1]);
});
