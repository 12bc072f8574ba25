import type { Clone } from "../clone";
import { expectDocumented } from "../documented";
import { cloneWithCluster, recordDeploy, release } from "./cluster";
import { killedRelease } from "./killed-release";
import { withTaintedNodes } from "./tainted-nodes";
import { wideLines } from "../printed";

jest.setTimeout(120_000);

let clone: Clone;

/** The record that `npm run deploy` leaves of a revision. */
const recorded = (revision: number, commit: string) =>
  recordDeploy(clone, revision, new Date().toISOString(), { commit, dirty: false });

beforeAll(async () => {
  clone = await cloneWithCluster();
  await clone.commit("as it is");
}, 600_000);
afterAll(() => clone.remove());

/** Deploys the chart with nothing but these arguments: without any, Helm takes those of the last time. */
const reset = (...args: string[]) => release(clone, "ollama", ["--reset-values", ...args]);

const rollback = (...args: string[]) => clone.npm("rollback", ["--environment", "sandbox", ...args]);
const newest = async () => (await clone.history("ollama")).at(-1);
const greeting = async () => (await clone.get("configmap", "ollama", "--namespace", "ollama")).data?.greeting;

describe("an application that a deploy made worse", () => {
  let bad = "";

  beforeAll(async () => {
    await reset();
    await recorded(1, await clone.commit("Greet"));
    clone.replace("values/ollama.yaml", "\n", "\n# worse\n");
    bad = await clone.commit("Make it worse");
    await reset("--set", "greeting=grumble");
    await recorded(2, bad);
  });

  it("is shown what changes before anything does", async () => {
    const { exitCode, output } = await rollback("ollama");
    expect(exitCode).toBe(1);
    expect(output).toContain(
      "roll ollama of sandbox back to revision 1? nobody can answer here: say so with --yes",
    );
    expect(output).toContain("change ConfigMap/ollama (+1 -1)\n");
    expect(output).toContain("\n  -  greeting: grumble\n  +  greeting: hello\n");
    const shown = output.slice(0, output.indexOf("roll ollama"));
    expect(wideLines(shown)).toEqual([]);
    expect(await newest()).toMatchObject({ revision: 2, status: "deployed" });
  });

  it("goes back to the revision before, waits for it, and names the commit to revert", async () => {
    const { exitCode, output } = await rollback("ollama", "--yes");
    expect([exitCode, output]).toEqual([0, output]);
    expect(await newest()).toMatchObject({ revision: 3, status: "deployed", description: "Rollback to 1" });
    expect(await greeting()).toBe("hello");
    expect(output).toContain("release ollama is ready, as it was at revision 1\n");
    expectDocumented("rollback", "npm run rollback -- ollama --yes", output, clone.root);
    expect(output).toContain(
      `  what was rolled back came from commit ${bad.slice(0, 10)},\n  deployed by mira@laptop\n`,
    );
    expect(output).toContain(`    git revert ${bad.slice(0, 7)}   # Make it worse`);
  });

  it("leaves a record that names both revisions", async () => {
    const { data } = await clone.get("configmap", "llm-platform-sandbox-records");
    const records = Object.entries(data ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    expect(JSON.parse(records.at(-1)?.[1] ?? "")).toMatchObject({
      action: "rollback",
      result: "succeeded",
      note: "ollama: revision 2 back to 1",
      releases: [{ name: "ollama", revision: 3, status: "deployed" }],
    });
  });

  it("fails to go back to what was rolled back from, unless it is named", async () => {
    const { exitCode, output } = await rollback("ollama", "--yes");
    expect(exitCode).toBe(1);
    expect(output).toContain(
      "release ollama has no good revision before revision 3 (Rollback to 1), there are:\n",
    );
    expect(output).toContain("\n  2  superseded  0.1.0  Upgrade complete\n");
    expect((await rollback("ollama", "2", "--yes")).exitCode).toBe(0);
    expect(await greeting()).toBe("grumble");
  });

  it("fails for a name or a revision that is not there, and says which are", async () => {
    expect((await rollback("olama")).output).toContain("olama is not a release here, did you mean ollama?");
    expect((await rollback("ollama", "77")).output).toContain(
      "release ollama has no revision 77, there are:\n",
    );
    expect((await rollback("ollama", "one")).output).toContain(
      "one is not a revision: expected a number, such as 3",
    );
    expect((await rollback("librechat")).output).toContain("release librechat is not in the context sandbox");
  });
});

describe("an application that does not become ready", () => {
  it("fails, and the release says that it failed", async () => {
    // Half an hour is too long for a test.
    clone.timeOut("ollama", 5);
    await reset("--set", "image=registry.example/echo:2.0");
    const { exitCode, output } = await withTaintedNodes(clone, () => rollback("ollama", "--yes"));
    clone.timeOut("ollama");
    expect(exitCode).toBe(1);
    expect(output).toMatch(/release ollama did not become ready at revision \d+: /);
    expect(output).toMatch(/Pod\/ollama-\S+: unschedulable/);
    expect((await newest())?.status).toBe("failed");
    await reset();
  });

  it("fails while somebody left it pending, and names unlock", async () => {
    await reset();
    await withTaintedNodes(clone, () => killedRelease(clone, "ollama"));
    const { exitCode, output } = await rollback("ollama", "--yes");
    expect([exitCode, output]).toEqual([1, output]);
    expect(output).toContain(
      "release ollama is pending-upgrade, and nothing was changed: free it with: npm run unlock -- --environment sandbox",
    );
    await clone.npm("unlock", ["--environment", "sandbox", "--force", "ollama", "--yes"]);
    await reset();
  });
});

describe("data", () => {
  it("is not touched: a revision without a claim that is there now is refused, and one that would claim it", async () => {
    await reset();
    await reset("--set", "claim=1Gi");
    const { uid } = (await clone.get("persistentvolumeclaim", "ollama", "--namespace", "ollama")).metadata;
    const { exitCode, output } = await rollback("ollama", "--yes");
    expect(exitCode).toBe(1);
    expect(output).toContain("PersistentVolumeClaim/ollama would be deleted, and its data with it");
    expectDocumented("rollback-data", "npm run rollback -- ollama --yes", output, clone.root);
    expect(await newest()).toMatchObject({ description: "Upgrade complete" });
    expect((await clone.get("persistentvolumeclaim", "ollama", "--namespace", "ollama")).metadata.uid).toBe(
      uid,
    );

    const withClaim = (await newest())?.revision ?? 0;
    await reset();
    const back = await rollback("ollama", String(withClaim), "--yes");
    expect([back.exitCode, back.output]).toEqual([1, back.output]);
    expect(back.output).toContain("PersistentVolumeClaim/ollama would become part of the release");
  });
});
