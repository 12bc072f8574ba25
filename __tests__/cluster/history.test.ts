import type { DeployRecord } from "../../operations/cluster/deploy-record";
import type { History } from "../../operations/deploy/history";
import type { Clone } from "../clone";
import { cloneWithCluster, release } from "./cluster";
import { simulate } from "./simulated-pod";
import { wideLines } from "../printed";

jest.setTimeout(120_000);

let clone: Clone;

beforeAll(async () => {
  clone = await cloneWithCluster();
}, 600_000);
afterAll(() => clone.remove());

const history = (...args: string[]) => clone.npm("history", ["--environment", "sandbox", ...args]);
const parsed = async (): Promise<History> => JSON.parse((await history("--json")).output);

/** Another process that changes the environment, until it is told to end. */
const another = (waitSeconds = 0) =>
  clone.script("__tests__/cluster/change.ts", [String(waitSeconds)], {
    GITHUB_ACTOR: "",
    GITHUB_RUN_ID: "",
  });

async function change(line: string, during: () => Promise<void> = async () => undefined) {
  const process = another();
  await process.said("begun");
  await during();
  process.tell(line);
  return process.ended();
}

const lease = () => clone.list("lease", "--namespace", "default");

it("says that nothing is deployed and nothing was recorded where that is so", async () => {
  const { exitCode, output } = await history();
  expect(exitCode).toBe(0);
  expect(output).toBe(
    "environment   sandbox\ncontext       sandbox\n\nollama in ollama\nnot deployed\n\nlibrechat in librechat\nnot deployed",
  );
});

it("shows Helm's revisions, and who made those that were made by a recorded change", async () => {
  const { exitCode } = await change("done", () => release(clone, "ollama"));
  expect(exitCode).toBe(0);
  await release(clone, "ollama", ["--set", "greeting=bye"]);
  const { output } = await history();
  expect(output).toMatch(/^1 +\d\S+ +superseded +20\d\d-\d\d-\d\d \d\d:\d\d .*@.*, deploy$/m);
  expect(output).toMatch(/^2 +\d\S+ +deployed +20\d\d-\d\d-\d\d \d\d:\d\d +not this program:$/m);
  expect(output).toContain("Upgrade complete");
  expect(wideLines(output)).toEqual([]);
});

it("records who, when, how it ended and the releases that there are then", async () => {
  const [application] = (await parsed()).applications;
  const record = application?.revisions.find(({ revision }) => revision === 1)?.by as DeployRecord;
  expect(record).toMatchObject({ action: "deploy", result: "succeeded" });
  expect(record.who).toMatch(/^.+@.+$/);
  expect(Date.parse(record.endedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(record.startedAt));
  expect(record.releases).toEqual([
    { name: "ollama", chart: "echo", version: "0.1.0", revision: 1, status: "deployed" },
  ]);
});

it("shows one application alone, and fails with the nearest name for one that there is not", async () => {
  expect((await history("librechat")).output).not.toContain("ollama");
  const { exitCode, output } = await history("olama");
  expect(exitCode).toBe(1);
  expect(output).toContain(
    'history: there is no application "olama", did you mean ollama? (there are: ollama, librechat)',
  );
});

it("records a change that failed, with the first line of why, and one that had nothing to do", async () => {
  expect((await change("fail")).exitCode).not.toBe(0);
  expect((await change("nothing")).exitCode).toBe(0);
  const { others } = await parsed();
  expect(others.map(({ result, note }) => [result, note])).toEqual([
    ["no changes", undefined],
    ["failed", "it went wrong"],
  ]);
  expect(await lease()).toEqual([]);
});

it("fails a second change with who holds the lock, for what and since when; with time to wait it waits", async () => {
  const first = another();
  await first.said("begun");
  const refused = await another().ended();
  expect(refused.exitCode).toBe(1);
  expect(refused.output).toMatch(
    /^.+@.+ \(process \d+\) holds the lock of sandbox for deploy since 20\S+Z \(\d+ s ago\): nothing was changed; run this again once that is done, or wait for it with --wait$/m,
  );
  const waiting = another(60);
  await waiting.said("waiting for ");
  first.tell("done");
  expect((await first.ended()).exitCode).toBe(0);
  await waiting.said("begun");
  waiting.tell("done");
  expect((await waiting.ended()).exitCode).toBe(0);
});

it("fails at Ctrl-C while it waits for the lock, and does not take it later", async () => {
  const first = another();
  await first.said("begun");
  const waiting = another(60);
  await waiting.said("waiting for ");
  waiting.signal("SIGINT");
  expect(await waiting.ended()).toMatchObject({
    exitCode: 1,
    output: expect.stringContaining("interrupted: nothing was changed"),
  });
  first.tell("done");
  await first.ended();
  expect(await lease()).toEqual([]);
});

it("records a change that was stopped as interrupted, and gives the lock back", async () => {
  const stopped = another();
  await stopped.said("begun");
  stopped.signal("SIGTERM");
  expect((await stopped.ended()).exitCode).toBe(1);
  expect((await parsed()).others[0]).toMatchObject({ result: "interrupted" });
  expect(await lease()).toEqual([]);
});

it("takes the lock of a change that was killed over, and says that nobody noted how it ended", async () => {
  const killed = another();
  await killed.said("begun");
  killed.signal("SIGKILL");
  await killed.ended();
  const next = another(60);
  await next.said("begun");
  next.tell("done");
  expect((await next.ended()).exitCode).toBe(0);
  expect((await parsed()).others.slice(0, 2).map(({ result }) => result)).toEqual(["succeeded", "cut off"]);
  expect((await history()).output).toMatch(/deploy +cut off /);
});

it("keeps how often containers were restarted: a revision that goes on so is no good one to go back to", async () => {
  const upgrade = (greeting: string) => release(clone, "ollama", ["--set", `greeting=${greeting}`]);
  const restarted = async (restartCount: number): Promise<void> => {
    const [pod] = await clone.list("pods", "--namespace", "ollama");
    await simulate(clone, "ollama", pod?.metadata.name ?? "", {
      container: { ready: true, restartCount, state: { running: {} } },
      status: { conditions: [{ type: "Ready", status: "True" }] },
    });
  };
  await change("done", async () => {
    await upgrade("ready-after-restarts");
    await restarted(3);
  });
  const [newest] = (await parsed()).applications[0]?.revisions ?? [];
  expect(newest?.by?.releases).toMatchObject([{ name: "ollama", revision: newest?.revision, restarts: 3 }]);
  await restarted(5);
  await change("done", () => upgrade("worse"));
  const { output } = await clone.npm("rollback", ["--environment", "sandbox", "ollama"]);
  expect(output).toContain(`roll ollama of sandbox back to revision ${(newest?.revision ?? 0) - 1}?`);
});

it("fails where the namespace of the records is not there, with the key that names it", async () => {
  clone.replace(
    "environments/sandbox.yaml",
    "  kubeconfig: .sandbox/kubeconfig",
    "  kubeconfig: .sandbox/kubeconfig\n  recordsNamespace: nowhere",
  );
  expect((await history()).exitCode).toBe(0);
  const { exitCode, output } = await another().ended();
  expect(exitCode).toBe(1);
  expect(output).toContain(
    "the namespace nowhere, where the lock and the records of sandbox are kept, is not there: make it, or name another in cluster.recordsNamespace of environments/sandbox.yaml",
  );
});
