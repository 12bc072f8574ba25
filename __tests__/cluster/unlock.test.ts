import execa from "execa";
import * as fs from "node:fs";
import type { Clone } from "../clone";
import { expectDocumented } from "../documented";
import type { RunningProcess } from "../running-process";
import { cloneWithCluster, release } from "./cluster";
import { aged, killedRelease } from "./killed-release";
import { withTaintedNodes } from "./tainted-nodes";
import { unwrapped, wideLines } from "../printed";

jest.setTimeout(120_000);

let clone: Clone;

beforeAll(async () => {
  clone = await cloneWithCluster();
}, 600_000);
afterAll(() => clone.remove());

/** Deploys the chart with nothing but these arguments: without any, Helm takes those of the last time. */
const reset = (...args: string[]) => release(clone, "ollama", ["--reset-values", ...args]);

const unlock = (...args: string[]) => clone.npm("unlock", ["--environment", "sandbox", ...args]);

const status = async (name: string) => (await clone.history(name)).at(-1)?.status;

/** Another process that holds the lock and renews it. */
async function lockHeld(): Promise<RunningProcess> {
  const holder = clone.script("__tests__/cluster/hold-lock.ts");
  await holder.said("held");
  return holder;
}

describe("a first install whose deployer was killed", () => {
  beforeAll(() => withTaintedNodes(clone, () => killedRelease(clone, "ollama")));

  it("is left alone as long as it may be somebody's: helm alone holds no lock", async () => {
    const { exitCode, output } = await unlock("--yes");
    expect(exitCode).toBe(2);
    expect(unwrapped(output)).toContain("status pending-install, since ");
    expectDocumented("unlock-young", "npm run unlock", output, clone.root);
    expect(unwrapped(output)).toContain(
      "it may take 31 min, and nobody here knows whether its deployer is alive: helm and cdktf hold no lock.",
    );
    expect(wideLines(output)).toEqual([]);
    expect(await status("ollama")).toBe("pending-install");
  });

  it("fails where nobody can answer the question, and changes nothing", async () => {
    const { exitCode, output } = await unlock("--force", "ollama");
    expect(exitCode).toBe(1);
    expect(output).toContain("free 1 release of sandbox? nobody can answer here: say so with --yes");
    expect(await status("ollama")).toBe("pending-install");
  });

  it("is marked failed where a person says that the deployer is gone, and the next deploy goes through", async () => {
    const { exitCode, output } = await unlock("--force", "ollama", "--yes");
    expect(exitCode).toBe(0);
    expect(unwrapped(output)).toContain(
      "marked failed: it was never deployed, and the next deploy installs it",
    );
    expectDocumented("unlock-force", "npm run unlock -- --force ollama --yes", output, clone.root);
    expect(await clone.history("ollama")).toMatchObject([
      { status: "failed", description: "Unlocked: it was pending-install, and its deployer gone" },
    ]);
    await reset();
    expect(await status("ollama")).toBe("deployed");
  });

  it("leaves a record", async () => {
    const { data } = await clone.get("configmap", "llm-platform-sandbox-records");
    const [record] = Object.values(data ?? {}).map((text) => JSON.parse(text) as object);
    expect(record).toMatchObject({
      action: "unlock",
      result: "succeeded",
      note: "release ollama (pending-install)",
      releases: [{ name: "ollama", revision: 1, status: "failed" }],
    });
  });
});

describe("an upgrade whose deployer was killed", () => {
  beforeAll(async () => {
    await reset();
    await withTaintedNodes(clone, () => killedRelease(clone, "ollama"));
    await expect(reset()).rejects.toThrow("another operation (install/upgrade/rollback)");
  });

  it("is freed once it is older than its time-out, and the next deploy goes through", async () => {
    // A minute short of it: the command takes its time on a busy machine.
    await aged(clone, "ollama", 1800);
    expect((await unlock("--yes")).exitCode).toBe(2);
    await aged(clone, "ollama", 1870);
    const { exitCode, output } = await unlock("--yes");
    expect(unwrapped(output)).toContain("it may take 31 min at most: its deployer is gone");
    expectDocumented("unlock-old", "npm run unlock -- --yes", output, clone.root);
    expect(exitCode).toBe(0);
    await reset();
    expect(await status("ollama")).toBe("deployed");
  });

  it("is rolled back to the last deployed revision with --rollback", async () => {
    const good = (await clone.history("ollama")).at(-1)?.revision;
    await withTaintedNodes(clone, () => killedRelease(clone, "ollama"));
    const { exitCode, output } = await unlock("--force", "ollama", "--rollback", "--yes");
    expect(output).toContain(`rolled back to revision ${good}, the last one that was deployed`);
    expect(exitCode).toBe(0);
    expect((await clone.history("ollama")).at(-1)).toMatchObject({
      status: "deployed",
      description: `Rollback to ${good}`,
    });
  });
});

describe("a release that is being deployed right now", () => {
  let holder: RunningProcess;

  beforeAll(async () => {
    await reset();
    holder = await lockHeld();
    await withTaintedNodes(clone, () => killedRelease(clone, "ollama"));
  });
  afterAll(() => holder.signal("SIGKILL"));

  it("is never touched, however old it is and whatever is forced", async () => {
    const { exitCode, output } = await unlock("--force", "ollama", "--yes");
    expect(exitCode).toBe(2);
    expect(unwrapped(output)).toContain(
      "mira@laptop (process 4711) is changing this environment (deploy): wait until it is done",
    );
    expectDocumented("unlock-alive", "npm run unlock", output, clone.root);
    await aged(clone, "ollama", 7200);
    expect((await unlock("--yes")).exitCode).toBe(2);
    await aged(clone, "ollama", 1);
    expect(await status("ollama")).toBe("pending-upgrade");
  });

  it("is left alone when its deployer is killed but Helm goes on, which ends what it began", async () => {
    holder.signal("SIGKILL");
    // A program that does nothing and is called helm.
    const program = clone.file(".sandbox/helm");
    fs.copyFileSync("/bin/sleep", program);
    const going = execa(program, ["60"], { cwd: clone.root, reject: false });
    const { exitCode, output } = await unlock("--force", "ollama", "--yes");
    going.kill("SIGKILL");
    await going;
    expect(exitCode).toBe(2);
    expect(unwrapped(output)).toMatch(
      new RegExp(
        `helm \\(process ${going.pid}, since \\S+\\) runs here, in this repository: a deploy that was killed`,
      ),
    );
    expect(await status("ollama")).toBe("pending-upgrade");
  });

  it("is freed as soon as its deployer is killed, young as it is: nobody renews the lock", async () => {
    const { exitCode, output } = await unlock("--yes");
    expect(unwrapped(output)).toContain(
      "its deployer is gone: mira@laptop (process 4711) no longer renews the lock, and nothing that it started runs",
    );
    expectDocumented("unlock-gone", "npm run unlock -- --yes", output, clone.root);
    expect(exitCode).toBe(0);
    expect(await status("ollama")).toBe("failed");
  });

  it("says so when nothing is stuck", async () => {
    const { exitCode, output } = await unlock();
    expect([exitCode, output]).toEqual([0, "nothing is stuck"]);
  });
});
