import * as fs from "node:fs";
import type { Clone } from "../clone";
import { GitHubServer } from "../github-server";
import { kubeconfigFor, readOnly } from "../kubeconfig-for";
import { cloneWithCluster, recordDeploy, release } from "./cluster";

// What .github/workflows/drift.yml runs, with credentials that may only read; GitHub's API is a local server.
jest.setTimeout(120_000);

const server = new GitHubServer();
let clone: Clone;
let kubeconfig: string;

beforeAll(async () => {
  await server.start();
  clone = await cloneWithCluster();
  const startedAt = new Date().toISOString();
  await release(clone, "ollama");
  await recordDeploy(clone, 1, startedAt);
  kubeconfig = await kubeconfigFor(clone, "ci-read", readOnly);
  // Found by nothing but the secret of the GitHub environment.
  clone.replace("environments/sandbox.yaml", ".sandbox/kubeconfig", ".sandbox/elsewhere");
  fs.mkdirSync(clone.file(".sandbox/runner"));
});

afterAll(async () => {
  await server.stop();
  await clone.remove();
});

function drift(content = kubeconfig) {
  return clone.npm("github", ["drift", "--environment", "sandbox"], {
    ...server.variables,
    KUBECONFIG_CONTENT: content,
    RUNNER_TEMP: clone.file(".sandbox/runner"),
    GITHUB_STEP_SUMMARY: clone.file(".sandbox/summary.md"),
  });
}

const scale = (replicas: number) =>
  clone.kubectl("--namespace", "ollama", "scale", "deployment/ollama", `--replicas=${replicas}`);

test("no issue is opened where nothing drifted", async () => {
  const { exitCode, output } = await drift();
  expect(output).toMatch(/the issue of the drift of sandbox: there is none, and nothing drifted$/);
  expect(exitCode).toBe(0);
  expect(server.issues).toEqual([]);
});

test("an edit of the cluster opens an issue that names it", async () => {
  await scale(3);
  const { exitCode, output } = await drift();
  expect(output).toMatch(/the issue of the drift of sandbox: #1 is open$/);
  expect(exitCode).toBe(0);
  expect(server.issues).toHaveLength(1);
  expect(server.issues[0]?.title).toBe("sandbox is not as it was deployed");
  expect(server.issues[0]?.body).toContain("spec.replicas");
  expect(clone.read(".sandbox/summary.md")).toContain("spec.replicas");
});

test("a check that fails says so in the issue, keeps it open, and fails its job", async () => {
  const { exitCode } = await drift(kubeconfig.replace(/server: .*/, "server: https://127.0.0.1:1"));
  expect(exitCode).toBe(1);
  expect(server.issues).toHaveLength(1);
  expect(server.issues[0]).toMatchObject({ state: "open" });
  expect(server.issues[0]?.body).toMatch(/The last check failed[\s\S]*spec.replicas/);
});

test("the issue is closed once nothing differs any more", async () => {
  await scale(1);
  expect((await drift()).output).toMatch(/: #1 is closed$/);
  expect(server.issues).toHaveLength(1);
  expect(server.issues[0]).toMatchObject({ state: "closed" });
});

test("no kubeconfig stays, and the token of GitHub goes to GitHub alone", async () => {
  expect(fs.readdirSync(clone.file(".sandbox/runner"))).toEqual([]);
  expect(new Set(server.requests.map(({ authorization }) => authorization))).toEqual(
    new Set(["token token-of-the-test"]),
  );
});

test("fails without a kubeconfig, and says so in the issue", async () => {
  const { exitCode, output } = await drift("");
  expect(exitCode).toBe(1);
  expect(output).toContain("add the secret KUBECONFIG to the GitHub environment sandbox-drift");
  expect(server.issues).toHaveLength(2);
  expect(server.issues[1]).toMatchObject({ state: "open" });
});
