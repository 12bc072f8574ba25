import { type NamespaceObjects, nothing } from "../../../../operations/cluster/namespace-objects";
import { restartLines, restartsOf } from "../../../../operations/cluster/restarts";

const made = { annotations: { "meta.helm.sh/release-name": "chat" } };

const look = (...pods: object[]): NamespaceObjects => ({ ...nothing, pods: pods as never });

const pod = (uid: string, restartCount: number, terminated?: object, more: object = made) => ({
  metadata: { name: uid, uid, ...more },
  status: { containerStatuses: [{ name: "main", restartCount, ready: true, lastState: { terminated } }] },
});

test("what was restarted on the way to being ready is said, with what ended it last", () => {
  const now = look(
    pod("a", 3, { exitCode: 137, reason: "OOMKilled" }),
    pod("b", 1, { exitCode: 1 }),
    pod("c", 0),
  );
  expect(restartLines(look(), now, "chat")).toEqual([
    "Pod/a: container main was restarted 3 times (out of memory)",
    "Pod/b: container main was restarted 1 time (exit code 1)",
  ]);
  expect(restartsOf(now, "chat")).toBe(4);
});

test("what was restarted before, or is of somebody else, is not", () => {
  const others = [
    pod("d", 9, {}, {}),
    pod("e", 9, {}, { annotations: { "meta.helm.sh/release-name": "another" } }),
  ];
  const ending = pod("f", 9, {}, { ...made, deletionTimestamp: "2026-01-01T00:00:00Z" });
  expect(restartLines(look(pod("a", 40)), look(pod("a", 40), ...others, ending), "chat")).toEqual([]);
  expect(restartLines(look(pod("a", 40)), look(pod("a", 41)), "chat")).toHaveLength(1);
});
