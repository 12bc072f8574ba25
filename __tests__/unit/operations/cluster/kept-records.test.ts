import type { DeployRecord } from "../../../../operations/cluster/deploy-record";

import { keptRecords } from "../../../../operations/cluster/kept-records";

const record = (id: string, result: DeployRecord["result"] = "succeeded"): DeployRecord => ({
  id,
  action: "deploy",
  who: "mira@laptop",
  startedAt: "",
  result,
  releases: [],
});
const ids = (records: readonly DeployRecord[]) => records.map(({ id }) => id).join("");

test("the newest come first, and none goes as long as there is room", () => {
  expect(ids(keptRecords([record("a"), record("c"), record("b")], 3))).toBe("cba");
});

test("without room the oldest go", () => {
  expect(ids(keptRecords([record("a"), record("b"), record("c"), record("d")], 2))).toBe("dc");
});

test("deploys that changed nothing go before those that did, but for the newest of all", () => {
  const records = [record("a"), record("b", "no changes"), record("c"), record("d", "no changes")];
  expect(ids(keptRecords(records, 3))).toBe("dca");
  expect(ids(keptRecords(records, 2))).toBe("dc");
});
