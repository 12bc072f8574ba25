import { rollbackTarget, unsteadyRevisions } from "../../../../operations/releases/rollback-target";
import type { DeployRecord } from "../../../../operations/cluster/deploy-record";
import { revisions, type SampleRevision } from "./releases";

const none = new Set<number>();
const target = (...all: SampleRevision[]) => rollbackTarget(revisions(...all), none).revision;
const objects = [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "same" } }];

test("the last good revision is the one before what is deployed", () => {
  expect(target({ revision: 3, status: "deployed" }, { revision: 2 }, { revision: 1 })).toBe(2);
});

test("what failed was not good, and of a failed upgrade the deployed one is the last good", () => {
  expect(
    target({ revision: 3, status: "deployed" }, { revision: 2, status: "failed" }, { revision: 1 }),
  ).toBe(1);
  expect(target({ revision: 3, status: "failed" }, { revision: 2, status: "deployed" })).toBe(2);
});

test("what somebody went back from was not good", () => {
  const history = [
    { revision: 5, status: "deployed" },
    { revision: 4, description: "Rollback to 1" },
    { revision: 3 },
    { revision: 2 },
    { revision: 1 },
  ];
  expect(target(...history)).toBe(4);
  expect(target({ revision: 4, status: "deployed", description: "Rollback to 1" }, ...history.slice(2))).toBe(
    1,
  );
});

test("a revision that is the same as what is deployed is passed over, unless that failed", () => {
  const older = [{ revision: 2, objects, status: "superseded" }, { revision: 1 }];
  expect(target({ revision: 3, status: "deployed", objects }, ...older)).toBe(1);
  expect(target({ revision: 3, status: "failed", objects }, ...older)).toBe(2);
});

test("fails where there is none, and lists what there is", () => {
  expect(() => target({ revision: 1, status: "deployed", description: "Install complete" })).toThrow(
    [
      "release ollama has no good revision before revision 1 (Install complete), there are:",
      "  1  deployed  1.77.0  Install complete",
      "name one of them: npm run rollback -- ollama REVISION; what was there before is only in Git",
    ].join("\n"),
  );
});

test("fails for a named revision that is not kept, or is deployed already", () => {
  const all = revisions({ revision: 12, status: "deployed" }, { revision: 11 });
  expect(() => rollbackTarget(all, none, 1)).toThrow(
    "release ollama has no revision 1, there are:\n  12  deployed",
  );
  expect(() => rollbackTarget(all, none, 12)).toThrow(
    "release ollama is at revision 12 already: nothing was changed",
  );
  expect(rollbackTarget(all, none, 11).revision).toBe(11);
});

describe("a revision that became ready after its containers were restarted", () => {
  const record = (restarts: number | undefined, before: number, revision = 2): DeployRecord => ({
    id: "a",
    action: "deploy",
    who: "mira@laptop",
    startedAt: "2026-01-01T00:00:00Z",
    result: "succeeded",
    before: [{ name: "ollama", revision, restarts: before }],
    releases: [
      { name: "ollama", chart: "ollama", version: "1.77.0", revision, status: "deployed", restarts },
    ],
  });
  const unsteady = (...records: DeployRecord[]) => [...unsteadyRevisions(records, "ollama")];

  test("is no good one where they went on being so, as the next change saw", () => {
    expect(unsteady(record(undefined, 7), record(3, 0))).toEqual([2]);
    const all = revisions({ revision: 3, status: "failed" }, { revision: 2 }, { revision: 1 });
    expect(rollbackTarget(all, new Set([2])).revision).toBe(1);
    expect(rollbackTarget(all, new Set([2]), 2).revision).toBe(2);
    expect(() => rollbackTarget(all, new Set([1, 2]))).toThrow(
      "  2  superseded  1.77.0  Upgrade complete, and its containers kept being restarted\n",
    );
  });

  test("is good where that ended, where it began later, and where it is another release's", () => {
    expect(unsteady(record(undefined, 3), record(3, 0))).toEqual([]);
    expect(unsteady(record(undefined, 7), record(undefined, 0))).toEqual([]);
    expect(unsteady(record(undefined, 7, 1), record(3, 0))).toEqual([]);
    expect([...unsteadyRevisions([record(undefined, 7), record(3, 0)], "another")]).toEqual([]);
  });
});
