import * as fs from "node:fs";
import * as path from "node:path";
import type { History } from "../../operations/deploy/history";
import type { Clone } from "../clone";
import { cloneWithCluster } from "../cluster/cluster";
import { simulate } from "../cluster/simulated-pod";
import { expectDocumented } from "../documented";
import { waitFor } from "../wait-for";
import { wideLines } from "../printed";

// npm run deploy by itself, from the first deploy on, and what goes wrong in the middle of one.
let clone: Clone;
jest.setTimeout(180_000);

beforeAll(async () => {
  clone = await cloneWithCluster();
  await clone.kubectl("label", "nodes", "--all", "held-by=nobody");
  // One label tells the nodes for Ollama: an upgrade that asks for another waits for ever.
  clone.replace("values/ollama.yaml", "service:\n", "nodeSelector:\n  held-by: nobody\n\nservice:\n");
  clone.timeOut("ollama", 15);
  await clone.commit("platform");
  const { exitCode, output } = await clone.npm("up");
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
}, 900_000);
afterAll(() => clone.remove());

const deploy = (...args: string[]) => clone.npm("deploy", ["--environment", "sandbox", ...args]);

/** npm run deploy beside the test. */
const deploying = (...args: string[]) => clone.npmBegun("deploy", ["--environment", "sandbox", ...args]);

const status = async () => (await clone.history("ollama")).at(-1)?.status;
const records = async (): Promise<History> =>
  JSON.parse((await clone.npm("history", ["--environment", "sandbox", "--json"])).output);
const selector = (from: string, to: string) =>
  clone.replace("values/ollama.yaml", `held-by: ${from}`, `held-by: ${to}`);

/** Plans that were left behind: they hold the values of the releases. */
const plans = () =>
  ["foundation", "llm-apps"].flatMap((stack) =>
    fs
      .readdirSync(clone.file(path.join("cdktf.out/sandbox/stacks", stack)))
      .filter((name) => name.startsWith("diff-")),
  );

test("a deploy that has nothing to do says so, makes no revision, and says so again after it was recorded", async () => {
  for (let i = 0; i < 2; i++) {
    const { exitCode, output } = await deploy();
    expect(output).toContain("no changes: the cluster is as this configuration says");
    expect(exitCode).toBe(0);
  }
  expect((await records()).others[0]).toMatchObject({ action: "deploy", result: "no changes" });
});

test("fails where nobody can answer, with the table of changes and the context in the question", async () => {
  clone.replace("values/ollama.yaml", "memory: 8Gi", "memory: 7Gi");
  const before = await clone.history("ollama");
  const { exitCode, output } = await deploy();
  expect(exitCode).toBe(1);
  expect(output).toContain("resources: 1 to change\n   change    llm-apps      helm_release.ollama\n");
  expect(output).toContain("release ollama in ollama, from revision");
  expect(output).toMatch(/ {3}change +Deployment\/ollama$/m);
  expect(output).toMatch(/ {3}! +Deployment\/ollama: its pods are stopped before new ones start/);
  expect(output).toContain(
    "deploy this to the context sandbox (.sandbox/kubeconfig)? nobody can answer here: say so with --yes",
  );
  expect(wideLines(output).filter((line) => !line.startsWith("deploy this"))).toEqual([]);
  expect(await clone.history("ollama")).toEqual(before);
  expect(plans()).toEqual([]);
});

test("with --yes it is deployed, with who did it and from which commit in the history", async () => {
  const { exitCode, output } = await deploy("--yes");
  expect(exitCode).toBe(0);
  expect(output).toMatch(/^ollama: ready after \d+\.\d s$/m);
  expect(output).toMatch(/^deployed sandbox in \d+\.\d s$/m);
  const newest = (await records()).applications[0]?.revisions[0];
  expect(newest).toMatchObject({
    status: "deployed",
    by: { action: "deploy", result: "succeeded", dirty: true },
  });
  expect(newest?.by?.commit).toBe(await clone.git("rev-parse", "HEAD"));
  expect(newest?.by?.releases.map(({ name, status }) => [name, status])).toEqual([
    ["ollama", "deployed"],
    ["librechat", "deployed"],
  ]);
});

test("fails with what a release waits for instead of Helm's time-out", async () => {
  selector("nobody", "somebody");
  const { exitCode, output } = await deploy("--yes");
  expect(exitCode).toBe(1);
  expect(output).toMatch(/^ {2}ollama: Pod\/ollama-\S+: unschedulable: 0\/2 nodes are available/m);
  expect(output).toMatch(
    /release ollama did not become ready in time:\n {4}Pod\/ollama-\S+: unschedulable: 0\/2 nodes are available: 2 node\(s\) didn't match Pod's node affinity\/selector\n {6}next: look at nodeSelector/,
  );
  expect(output).not.toContain("context deadline exceeded");
  expectDocumented(
    "not-ready",
    "npm run deploy -- --yes",
    output,
    clone.root,
    /^deploy of sandbox to [\s\S]*/m,
  );
  expect(await status()).toBe("failed");
  expect((await records()).applications[0]?.revisions[0]?.by).toMatchObject({ result: "failed" });
});

test("what waiting does not cure ends the wait, is said last, and stands in the history", async () => {
  // As in reality: it would be waited for half an hour.
  clone.timeOut("ollama");
  selector("somebody", "nowhere");
  const inVain = deploying("--yes");
  await clone.pending("ollama");
  const pod = await waitFor("there is another pod", async () => {
    const pods = await clone.list("pods", "--namespace", "ollama");
    return pods.find(({ spec }) => JSON.stringify(spec).includes('"held-by":"nowhere"'));
  });
  const message = 'Failed to pull image "ollama": unexpected status: 401 Unauthorized';
  await simulate(clone, "ollama", pod.metadata.name, {
    container: { state: { waiting: { reason: "ImagePullBackOff" } } },
    events: [["Failed", message]],
  });
  const { exitCode, output } = await inVain.ended();
  expect(exitCode).toBe(1);
  const reason = `Pod/${pod.metadata.name}: image refused without valid credentials: ${message}`;
  expect(output).toContain(`ollama: waiting does not make it ready: ${reason}`);
  expect(output).toContain(
    "release ollama was given up, since waiting does not make it ready (deploy.failFast):",
  );
  expect(output.trimEnd().split("\n").at(-1)).toBe(`why: ollama: ${reason}`);
  expectDocumented(
    "given-up",
    "npm run deploy -- --yes",
    output,
    clone.root,
    /^deploy of sandbox to [\s\S]*/m,
  );
  expect(await status()).toBe("failed");
  const { applications } = await records();
  expect(applications[0]?.revisions[0]?.description).toContain(
    `Given up, since waiting does not make it ready: ${reason}`,
  );
  expect(applications[0]?.revisions[0]?.by).toMatchObject({ result: "failed", note: `ollama: ${reason}` });
  const { output: history } = await clone.npm("history", ["--environment", "sandbox", "ollama"]);
  expect(history.replace(/\s+/g, " ")).toContain("image refused without valid credentials");
  selector("nowhere", "somebody");
});

test("another deploy is told who holds the lock; Ctrl-C is passed on once and waited for, a second is refused, and nothing is left pending", async () => {
  // As in reality: no time-out ends it.
  clone.timeOut("ollama");
  const stopped = deploying("--yes");
  await clone.pending("ollama");
  const second = await deploy("--yes");
  expect(second.exitCode).toBe(1);
  expect(second.output).toMatch(/\(process \d+\) holds the lock of sandbox for deploy since 20\S+Z/);
  expectDocumented(
    "lock-held",
    "npm run deploy -- --yes",
    second.output,
    clone.root,
    /^.*holds the lock.*$/m,
  );
  // npm passes the terminal's Ctrl-C on a second time, which is no second one.
  stopped.signal("SIGINT");
  stopped.signal("SIGINT");
  await stopped.said("stopping: waiting for terraform");
  expect(stopped.output).not.toMatch(/^refused/m);
  await waitFor("a second Ctrl-C is refused", () => {
    stopped.signal("SIGINT");
    return stopped.output.includes("refused: ");
  });
  const { exitCode, output } = await stopped.ended();
  expect(exitCode).toBe(1);
  expect(output).toContain("a second Ctrl-C is refused");
  expect(output).toMatch(
    /^refused: terraform has been told to stop \d+ s ago;\nkilled now, it would leave a release pending/m,
  );
  expect(output).toContain("release ollama is marked failed: its pods were not waited for");
  // It was pressed until it was refused, on a busy machine more often than once, while progress went on.
  const once = output.replace(/^\s*ollama: .*\n/gm, "").replace(/(^refused: .*\nkilled now.*\n)+/m, "$1");
  expectDocumented("interrupted", "npm run deploy -- --yes", once, clone.root, /^stopping: [\s\S]*/m);
  expect(await status()).toBe("failed");
  expect((await records()).applications[0]?.revisions[0]?.by).toMatchObject({ result: "interrupted" });
  expect(await clone.list("lease", "--namespace", "default")).toEqual([]);
  expect(plans()).toEqual([]);
});

test("after that the next deploy goes through", async () => {
  selector("somebody", "nobody");
  const { exitCode, output } = await deploy("--yes");
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  expect(await status()).toBe("deployed");
});

test("killed in the middle, it leaves a record that was cut off; Terraform goes on, and the next deploy finds its work done", async () => {
  clone.timeOut("ollama", 60);
  selector("nobody", "later");
  const killed = deploying("--yes");
  await clone.pending("ollama");
  killed.signal("SIGKILL");
  await killed.ended();
  await clone.kubectl("label", "nodes", "--all", "--overwrite", "held-by=later");
  await waitFor("Terraform has ended", () => clone.processes("terraform apply").length === 0);
  expect(await status()).toBe("deployed");
  const { exitCode, output } = await deploy("--yes", "--wait", "60s");
  expect(exitCode).toBe(0);
  expect(output).toContain("no changes:");
  expect((await records()).applications[0]?.revisions[0]?.by).toMatchObject({ result: "cut off" });
  const { output: history } = await clone.npm("history", ["--environment", "sandbox", "ollama"]);
  expectDocumented("history", "npm run history -- ollama", history, clone.root);
  expect(plans()).toEqual([]);
});
