import { commentLimit } from "../../../../operations/diff/markdown";
import { connectGitHub } from "../../../../operations/github/connection";
import { driftMarker } from "../../../../operations/drift/markdown-report";
import { type DriftCheck, driftLabel, updateDriftIssue } from "../../../../operations/github/drift-issue";
import { GitHubServer } from "../../../github-server";

const server = new GitHubServer();
beforeAll(() => server.start());
afterAll(() => server.stop());
beforeEach(() => {
  server.issues = [];
  delete server.refuseWrites;
});

function check(outcome: DriftCheck["outcome"], markdown = "- Deployment/ollama spec.replicas", hour = 5) {
  return updateDriftIssue(connectGitHub(server.variables), {
    environment: "production",
    outcome,
    markdown,
    checkedAt: new Date(Date.UTC(2026, 0, 2, hour, 17)),
    runUrl: "https://github.example/run",
  });
}

const states = () => server.issues.map(({ title, state }) => `${state}: ${title}`);
const body = (index = 0) => server.issues[index]?.body ?? "";

test("an environment has one issue, which is opened, updated and closed by itself", async () => {
  expect(await check("same")).toMatch(/: there is none, and nothing drifted$/);
  expect(await check("differs")).toMatch(/: #1 is open$/);
  expect(states()).toEqual(["open: production is not as it was deployed"]);
  expect(server.issues[0]?.labels).toEqual([driftLabel]);
  expect(body().startsWith(driftMarker("production"))).toBe(true);

  expect(await check("differs", "- ConfigMap/other", 6)).toMatch(/: #1 is updated$/);
  expect(body()).toContain("- ConfigMap/other");
  expect(body()).not.toContain("spec.replicas");
  expect(body()).toContain("_Checked 2026-01-02 06:17 UTC · [the run](https://github.example/run)_");

  expect(await check("same", "")).toMatch(/: #1 is closed$/);
  expect(server.issues[0]).toMatchObject({ state: "closed", state_reason: "completed" });
  expect(body()).toContain("Nothing differs any more.");
  expect(body()).toContain("- ConfigMap/other");

  expect(await check("differs")).toMatch(/: #2 is open$/);
});

test("a check that failed updates the issue, keeps what was known, and never closes it", async () => {
  await check("differs");
  for (const hour of [6, 7]) {
    expect(await check("failed", "the API server does not answer", hour)).toMatch(/: #1 is updated$/);
    expect(states()).toEqual(["open: production is not as it was deployed"]);
    expect(body()).toMatch(/The last check failed, .*\n\nthe API server does not answer\n\nBefore that:/);
    expect(body().match(/- Deployment\/ollama spec.replicas/g)).toHaveLength(1);
  }
  await check("differs", "- ConfigMap/other");
  expect(body()).not.toContain("failed");
});

test("a check that failed opens an issue where there is none, and a good one closes it", async () => {
  await check("failed", "the API server does not answer");
  expect(states()).toEqual(["open: whether production is as it was deployed could not be found out"]);
  await check("same");
  expect(states()).toEqual(["closed: whether production is as it was deployed could not be found out"]);
});

test("neither the issue of another environment nor that of a person is touched", async () => {
  const labels = [driftLabel];
  server.issues = [
    { id: 1, number: 1, body: driftMarker("staging"), state: "open", labels, user: { type: "Bot" } },
    { id: 2, number: 2, body: driftMarker("production"), state: "open", labels, user: { type: "User" } },
  ];
  expect(await check("differs")).toMatch(/: #3 is open$/);
  expect(server.issues.slice(0, 2).map(({ title }) => title)).toEqual([undefined, undefined]);
});

test("a report that is too long is cut to what an issue holds", async () => {
  await check("differs", "- Deployment/ollama\n".repeat(9000));
  await check("failed", "x\n".repeat(9000));
  expect(body().length).toBeLessThanOrEqual(commentLimit);
  expect(body()).toMatch(/\d+ parts are left out here: the summary of the run shows all of them\._/);
});

test("fails where GitHub refuses, with what it said", async () => {
  server.refuseWrites = 403;
  await expect(check("differs")).rejects.toThrow(
    /^the issue of the drift of production: GitHub answered 403 \(Resource not accessible.*permission\?$/,
  );
});
