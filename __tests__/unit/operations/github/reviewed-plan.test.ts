import { connectGitHub } from "../../../../operations/github/connection";
import { findReviewedPlan, reviewArtifact } from "../../../../operations/github/reviewed-plan";
import { GitHubServer } from "../../../github-server";

const server = new GitHubServer();
beforeAll(() => server.start());
afterAll(() => server.stop());

const [commit, head] = ["c".repeat(40), "a".repeat(40)] as [string, string];
const pull = { number: 7, merged_at: "2026-01-02T03:04:05Z", head: { sha: head } };
const name = reviewArtifact("production", head);

function artifact(run: object = {}, more: object = {}) {
  return {
    id: 1,
    name,
    expired: false,
    created_at: "2026-01-02T03:04:05Z",
    workflow_run: { id: 11, head_sha: head, repository_id: 1, head_repository_id: 1, ...run },
    ...more,
  };
}

function find(pulls: unknown[], artifacts: unknown[]) {
  server.pulls = pulls;
  server.artifacts = artifacts;
  return findReviewedPlan(connectGitHub(server.variables), { environment: "production", commit });
}

test("the plan of the merged pull request is found by its last commit, the newest where it was made twice", async () => {
  const newer = artifact({ id: 12 }, { created_at: "2026-01-03T00:00:00Z" });
  const older = artifact({ id: 13 }, { created_at: "2026-01-01T00:00:00Z" });
  const closed = { number: 6, merged_at: null, head: { sha: "d".repeat(40) } };
  expect(await find([closed, pull], [artifact(), newer, older])).toEqual({
    pullRequest: 7,
    head,
    artifact: `review-production-${head}`,
    runId: 12,
  });
});

describe("refuses", () => {
  const wayOut =
    /\n {2}see for yourself .*npm run diff -- --environment production\n {2}and run the workflow Deploy by hand, with a reason/;

  test.each([
    ["a commit that came by no pull request", [], [artifact()], "commit cccccccccc came by no pull request"],
    [
      "one whose pull request has no plan",
      [pull],
      [],
      "pull request 7 (commit cccccccccc) has no plan of production for aaaaaaaaaa, its last commit",
    ],
    [
      "a plan that a fork's workflow made up",
      [pull],
      [artifact({ head_repository_id: 2 })],
      "has no plan of production for aaaaaaaaaa",
    ],
    [
      "a plan of another commit",
      [pull],
      [artifact({ head_sha: "e".repeat(40) })],
      "has no plan of production",
    ],
    ["a plan of another name", [pull], [artifact({}, { name: "review" })], "has no plan of production"],
    ["a plan that is not kept any more", [pull], [artifact({}, { expired: true })], "is not kept any more"],
  ])("%s", async (_what, pulls, artifacts, why) => {
    const found = find(pulls, artifacts);
    await expect(found).rejects.toThrow(why);
    await expect(found).rejects.toThrow(/^nothing is deployed to production: /);
    await expect(found).rejects.toThrow(wayOut);
  });
});
