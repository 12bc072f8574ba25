import * as fs from "node:fs";
import { Clone } from "../clone";
import { GitHubServer } from "../github-server";

// What .github/workflows/pull-request.yml runs, in its order, in a clone with two commits; GitHub's API is a local server.
jest.setTimeout(120_000);

const server = new GitHubServer();
let clone: Clone;
let base: string;
let head: string;

const report = "runner/reports/report-sandbox/sandbox.md";

function github(...args: string[]) {
  return clone.npm("github", args, {
    ...server.variables,
    RUNNER_TEMP: clone.file("runner"),
    GITHUB_STEP_SUMMARY: clone.file("runner/summary.md"),
    GITHUB_EVENT_PATH: clone.file("runner/event.json"),
    // None of these may get anywhere.
    TF_VAR_jwt_secret: "planted-in-the-variables-of-the-job-0123456789",
  });
}

/** What GitHub tells the workflow of a commit. */
function event(sha: string, repository = "acme/platform"): void {
  server.head = sha;
  const pull = { number: 7, head: { sha, repo: { full_name: repository } } };
  fs.writeFileSync(clone.file("runner/event.json"), JSON.stringify({ pull_request: pull }));
}

beforeAll(async () => {
  await server.start();
  clone = new Clone();
  fs.mkdirSync(clone.file("runner"));
  fs.appendFileSync(clone.file(".gitignore"), "runner\n");
  base = await clone.commit("base");
  clone.replace("environments/sandbox.yaml", "count: 1", "count: 2");
  head = await clone.commit("head");
});

afterAll(async () => {
  await server.stop();
  await clone.remove();
});

test("the base revision is deployed to a sandbox, and what the head would change there is reported", async () => {
  event(head, "somebody/fork");
  const { exitCode, output } = await github("preview", "--base", "HEAD^1", "--report", report);
  expect([exitCode, exitCode === 0 ? "" : output]).toEqual([0, ""]);
  const markdown = clone.read(report);
  expect(markdown).toContain(
    `Compared with \`sandbox in an embedded cluster with revision ${base.slice(0, 10)}\`; secret values are hidden.`,
  );
  expect(markdown).toContain("GPUs 1 → 2");
  expect(markdown).toContain("<details><summary>change Deployment/ollama (+");
  // Nothing else differs: the base is really there, and the head was planned without credentials.
  expect(markdown).toMatch(/would change: \d to change; 1 of 2 releases differ/);
  expect(markdown).toContain("no credentials of sandbox are here");
  const summary = clone.read("runner/summary.md");
  expect(summary).toMatch(/^_This pull request comes from a fork, .* and not in a comment\._\n\n/);
  expect(summary).toContain("GPUs 1 → 2");
});

test("nothing is left of it: no sandbox, no state, no credentials, no copy", () => {
  const left = [".sandbox", "state/sandbox", "credentials"].filter((file) => fs.existsSync(clone.file(file)));
  expect(left).toEqual([]);
  expect(fs.readdirSync(clone.file("runner")).sort()).toEqual(["event.json", "reports", "summary.md"]);
  const found = clone.filesWith("planted-in-the-variables").filter((file) => !file.startsWith("__tests__"));
  expect(found).toEqual([]);
});

test("the report becomes the one comment, by the code of the base revision", async () => {
  event(head);
  await clone.git("checkout", "--quiet", base);
  const { output } = await github("comment", "--reports", clone.file("runner/reports"));
  expect(output).toBe("the comment of pull request 7: created");
  expect(server.comments).toHaveLength(1);
  expect(server.comments[0]?.body).toContain("GPUs 1 → 2");
  expect(server.comments[0]?.body).toContain(`_Commit \`${head.slice(0, 10)}\``);
});

test("a newer commit strikes it through; a diff that failed says so in it, and fails its job", async () => {
  const newer = "e".repeat(40);
  event(newer);
  expect((await github("outdate")).output).toBe("the comment of pull request 7: struck through");
  expect(server.comments[0]?.body).toContain("### ~~What a deploy to `sandbox` would change");

  const { exitCode, output } = await github("preview", "--base", "nowhere", "--report", report);
  expect(exitCode).toBe(1);
  expect(output).toMatch(/^--base: found "nowhere", which is no commit, branch or tag/);
  expect(clone.read(report)).toContain("it could not be found out");
  expect((await github("comment", "--reports", clone.file("runner/reports"))).output).toBe(
    "the comment of pull request 7: updated",
  );
  const [comment, ...others] = server.comments;
  expect(others).toEqual([]);
  expect(comment?.body).toContain("it could not be found out");
  expect(comment?.body).toContain(`_Commit \`${newer.slice(0, 10)}\``);
});

test("a job that left no report is named in the comment", async () => {
  fs.rmSync(clone.file("runner/reports"), { recursive: true });
  await github("comment", "--reports", clone.file("runner/reports"));
  expect(server.comments[0]?.body).toContain("its job ended without a report: see its log");
});
