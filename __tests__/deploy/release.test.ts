import * as fs from "node:fs";
import { credentials as known } from "../credentials";
import { Clone } from "../clone";
import { GitHubServer } from "../github-server";
import { kubeconfigFor, readOnly as readOnlyRules } from "../kubeconfig-for";

// What the job plan of pull-request.yml and deploy.yml run, from a review to the way back; GitHub's API is a local server.
jest.setTimeout(180_000);

const server = new GitHubServer();
let clone: Clone;
let readOnly: string;
let administrator: string;
let credentials: string;

const [merge, head] = ["c".repeat(40), "a".repeat(40)] as [string, string];
const review = () => clone.file("runner/reviewed/review.json");

function github(kubeconfig: string, ...args: string[]) {
  return clone.npm("github", [...args, "--environment", "sandbox"], {
    ...server.variables,
    ENVIRONMENTS: '["sandbox"]',
    RUNNER_TEMP: clone.file("runner"),
    GITHUB_STEP_SUMMARY: clone.file("runner/summary.md"),
    GITHUB_OUTPUT: clone.file("runner/output"),
    GITHUB_SHA: merge,
    KUBECONFIG_CONTENT: kubeconfig,
    CREDENTIALS_CONTENT: credentials,
  });
}

const plan = () => github(readOnly, "plan", "--report", "runner/report.json", "--review", review());
const deploy = (...args: string[]) => github(administrator, "deploy", "--reviewed", review(), ...args);
const deployed = async (release: string) =>
  (await clone.history(release)).map(({ revision, status }) => `${revision} ${status}`);

beforeAll(async () => {
  await server.start();
  clone = new Clone();
  await clone.startCluster();
  await clone.npm("secrets", ["generate", "--environment", "sandbox"]);
  credentials = clone.read("credentials/sandbox.env");
  fs.rmSync(clone.file("credentials"), { recursive: true });
  readOnly = await kubeconfigFor(clone, "ci-read", readOnlyRules);
  administrator = clone.read(".sandbox/kubeconfig");
  // Found by nothing but the secret of the GitHub environment.
  clone.replace("environments/sandbox.yaml", ".sandbox/kubeconfig", ".sandbox/elsewhere");
  fs.mkdirSync(clone.file("runner"));
});

afterAll(async () => {
  await server.stop();
  await clone.remove();
});

test("a plan with credentials that may only read is kept for review, without a secret", async () => {
  const { exitCode, output } = await plan();
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  const text = fs.readFileSync(review(), "utf8");
  const { environment, context, entries } = JSON.parse(text);
  expect([environment, context]).toEqual(["sandbox", "sandbox"]);
  expect(entries).toContainEqual({
    what: "release ollama in ollama",
    action: "add",
    text: expect.stringMatching(/^not deployed → \d/),
  });
  const values = [...credentials.matchAll(/TF_VAR_\w+=(\S+)/g)].map(([, value = ""]) => value);
  expect(values).toHaveLength(known.length);
  expect(values.filter((value) => text.includes(value))).toEqual([]);
  expect(text).not.toContain(clone.root);
  expect(clone.read("runner/report.json")).toContain("Compared with `sandbox in .sandbox/elsewhere`");
});

test("another run makes the same review to the byte, by another kubeconfig in another place", async () => {
  const first = fs.readFileSync(review(), "utf8");
  fs.writeFileSync(clone.file("runner/kubeconfig"), administrator, { mode: 0o600 });
  const values = [...credentials.matchAll(/(TF_VAR_\w+)=(\S+)/g)].map(([, name, value]) => [name, value]);
  const { exitCode } = await clone.npm(
    "diff",
    ["--environment", "sandbox", "--review", "runner/second.json"],
    {
      ...Object.fromEntries(values),
      CLUSTER_KUBECONFIG: clone.file("runner/kubeconfig"),
    },
  );
  expect(exitCode).toBe(2);
  expect(clone.read("runner/second.json")).toBe(first);
  fs.rmSync(clone.file("runner/kubeconfig"));
});

test("the reviewed plan of the merged pull request is found, and deployed and verified as it is", async () => {
  server.pulls = [{ number: 7, merged_at: "2026-01-02T03:04:05Z", head: { sha: head } }];
  const run = { id: 11, head_sha: head, repository_id: 1, head_repository_id: 1 };
  server.artifacts = [{ id: 1, name: `review-sandbox-${head}`, expired: false, workflow_run: run }];
  const found = await github("", "find-review", "--reason", "");
  expect(found.output).toBe(`the plan of sandbox was reviewed in pull request 7 (review-sandbox-${head})`);
  expect(clone.read("runner/output")).toBe(`run-id=11\nartifact=review-sandbox-${head}\n`);

  const { exitCode, output } = await deploy("--reason", "");
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  expect(output).toMatch(/sandbox is deployed and verified$/);
  expect(await deployed("ollama")).toEqual(["1 deployed"]);
});

test("a deploy that is run again has nothing to do, and is not refused", async () => {
  const { exitCode, output } = await deploy();
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  expect(output).toContain("no changes");
});

test("what was not reviewed is refused by name, before anything is changed", async () => {
  clone.replace("environments/sandbox.yaml", "count: 1", "count: 2");
  const { exitCode, output } = await deploy();
  expect(exitCode).toBe(1);
  expect(output).toContain("the plan of sandbox is not the one that was reviewed");
  expect(output).toContain("  change release ollama: Deployment/ollama in ollama: not in the review\n");
  expect(output).toContain("  npm run diff -- --environment sandbox --review ");
  expect(output).toContain("the deploy of sandbox failed: see above; nothing was verified or rolled back\n");
  expect(output).toMatch(/or run the workflow Deploy by hand with a reason$/);
  expect(await deployed("ollama")).toEqual(["1 deployed"]);
  clone.replace("environments/sandbox.yaml", "count: 2", "count: 1");
});

test("without a reviewed plan nothing is deployed but for a reason, which is kept", async () => {
  server.artifacts = [];
  const { exitCode, output } = await github("", "find-review", "--reason", "");
  expect(exitCode).toBe(1);
  expect(output).toMatch(/^nothing is deployed to sandbox: pull request 7 .* has no plan of sandbox/);
  const reasoned = await github("", "find-review", "--reason", "a <b>broken</b> disk");
  expect(reasoned.output).toBe("sandbox is deployed without a reviewed plan: a <b>broken</b> disk");
  expect(clone.read("runner/summary.md")).toContain(
    "sandbox is deployed without a reviewed plan: a bbroken/b disk",
  );
});

test("a deploy that does not verify is taken back where the environment says so, and fails", async () => {
  clone.replace("environments/sandbox.yaml", "models: [tiny]", "models: [tiny, absent]");
  fs.appendFileSync(clone.file("environments/sandbox.yaml"), "\ndeploy:\n  rollBackWhenVerifyFails: true\n");
  expect((await plan()).exitCode).toBe(0);
  const { exitCode, output } = await deploy();
  expect(exitCode).toBe(1);
  expect(output).toContain("sandbox is deployed, and npm run verify failed: see above\n");
  expect(output).toContain("  ollama is back at revision 1\n");
  expect(output).toContain("  librechat is back at revision 1\n");
  expect(await deployed("ollama")).toEqual(["1 superseded", "2 superseded", "3 deployed"]);
});

test("no kubeconfig and no credentials stay", () => {
  const kept = fs.readdirSync(clone.file("runner")).sort();
  expect(kept).toEqual(["output", "report.json", "reviewed", "second.json", "summary.md"]);
  expect(fs.existsSync(clone.file("credentials"))).toBe(false);
});
