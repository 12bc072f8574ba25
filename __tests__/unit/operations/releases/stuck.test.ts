import {
  duration,
  type Evidence,
  heldStateLocks,
  pendingReleases,
} from "../../../../operations/releases/stuck";
import { revisions } from "./releases";

const at = "2026-11-20T12:00:00Z";
const later = (seconds: number) => new Date(new Date(at).getTime() + seconds * 1000);
const pending = revisions(
  { revision: 2, status: "pending-upgrade", at },
  { revision: 1, status: "deployed" },
);
const holder = {
  identity: "mira@laptop (process 4711)",
  action: "deploy",
  host: "laptop",
  since: later(-60),
  renewed: later(10),
};
const killed = [
  { identity: holder.identity, byTerraform: false, here: true, from: later(-60), until: later(25) },
];
const none = {
  ...{ killed: [], processes: [], forced: [] },
  unsteady: () => new Set<number>(),
  timeoutSeconds: () => 1800,
};
const judged = (evidence: Partial<Evidence>) =>
  pendingReleases([pending], { ...none, now: later(20), ...evidence })[0];

test("a release is stuck once it is older than its time-out and the provider's minute", () => {
  expect(judged({ now: later(1859) })).toMatchObject({
    free: false,
    why: expect.stringContaining("--force ollama"),
  });
  expect(judged({ now: later(1861) })).toMatchObject({ free: true, good: { revision: 1 } });
});

test("a revision that kept restarting is not what it goes back to", () => {
  expect(judged({ unsteady: () => new Set([1]), now: later(1861) })?.good).toBeUndefined();
});

test("it is never freed while its deployer renews the lock", () => {
  expect(judged({ holder, killed, now: later(99_999), forced: ["ollama"] })).toMatchObject({
    free: false,
    why: "mira@laptop (process 4711) is changing this environment (deploy): wait until it is done",
  });
});

test("it is never freed while what a killed deploy started runs here, which is named with what to do", () => {
  const terraform = {
    ...{ pid: 4712, parent: 1, program: "terraform", directory: "/r", since: new Date(at) },
    command: "terraform apply -json",
  };
  const provider = { ...terraform, pid: 4713, program: "terraform-provider-helm_v3.1.1_x5", command: "" };
  const stuck = (...processes: (typeof terraform)[]) =>
    judged({ processes, killed, now: later(99_999), forced: ["ollama"] });
  expect(stuck(terraform, provider)).toMatchObject({
    free: false,
    why:
      "terraform apply (process 4712, since 2026-11-20T12:00:00Z) and terraform-provider-helm_v3.1.1_x5 (process 4713, " +
      "since 2026-11-20T12:00:00Z) run here, in this repository: a deploy that was killed leaves them to end what it " +
      "began; wait until they have, or end them with kill 4712 4713, then run this again",
  });
  expect(stuck(provider)).toMatchObject({
    free: false,
    why: expect.stringContaining("end it with kill 4713"),
  });
});

test("a deployer who was killed here proves it for what they began, and for nothing else", () => {
  expect(judged({ killed })?.free).toBe(true);
  expect(judged({ killed: killed.map((one) => ({ ...one, from: later(5) })) })?.free).toBe(false);
  expect(judged({ killed: killed.map((one) => ({ ...one, until: later(-30) })) })?.free).toBe(false);
  expect(judged({ killed, processes: undefined })?.free).toBe(false);
});

test("one who was killed on another machine proves nothing: Terraform may go on there", () => {
  const elsewhere = killed.map((one) => ({ ...one, here: false }));
  expect(judged({ killed: elsewhere })).toMatchObject({
    free: false,
    why: expect.stringContaining("left a deploy running"),
  });
  expect(judged({ killed: elsewhere, forced: ["ollama"] })?.free).toBe(true);
});

test("a young one is freed where a person names it", () => {
  expect(judged({ forced: ["ollama"] })?.free).toBe(true);
  expect(judged({ forced: ["librechat"] })?.free).toBe(false);
});

test("a release that is not pending is not stuck", () => {
  const failed = revisions({ revision: 1, status: "failed" });
  expect(pendingReleases([failed], { ...none, now: later(0) })).toEqual([]);
});

test("a lock of Terraform's is judged in the same way, after an hour", () => {
  const lock = {
    stack: "llm-apps",
    id: "1",
    who: "mira@laptop",
    operation: "OperationTypeApply",
    created: new Date(at),
  };
  const free = (evidence: Partial<Evidence>) =>
    heldStateLocks([lock], { ...none, now: later(20), ...evidence })[0]?.free;
  expect([free({ now: later(3599) }), free({ now: later(3601) }), free({ killed })]).toEqual([
    false,
    true,
    true,
  ]);
});

test("times are told in the unit that people would use", () => {
  const told = ["5 s", "119 s", "2 min", "120 min", "2 h", "2 d"];
  expect([5, 119, 120, 7199, 7200, 200_000].map(duration)).toEqual(told);
});
