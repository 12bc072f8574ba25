import { commentLimit } from "../../../../operations/diff/markdown";
import { commentMarker, outdateComment, publishComment } from "../../../../operations/github/comment";
import { connectGitHub } from "../../../../operations/github/connection";
import { failedMarkdown } from "../../../../operations/github/job-report";
import { GitHubServer } from "../../../github-server";

const server = new GitHubServer();
beforeAll(() => server.start());
afterAll(() => server.stop());
beforeEach(() => {
  server.comments = [];
  server.requests.length = 0;
  delete server.refuseWrites;
  server.head = first;
});

const [first, second] = ["a".repeat(40), "b".repeat(40)] as [string, string];
const pull = (head: string, fromFork = false) => ({ number: 7, head, fromFork });
const connection = () => connectGitHub(server.variables);
const runUrl = "https://github.example/acme/platform/actions/runs/42";
const text = (environment: string) =>
  `<!-- llm-platform diff: ${environment} -->\n### What a deploy to \`${environment}\` would change: 1 to add\n\n<details><summary>change Deployment/ollama</summary>\n\n\`\`\`diff\n-a\n+b\n\`\`\`\n\n</details>\n`;

test("a pull request gets one comment, which every later run updates in place", async () => {
  server.comment("Looks good to me", "User");
  expect(await publishComment(connection(), pull(first), { runUrl, reports: [text("sandbox")] })).toBe(
    "the comment of pull request 7: created",
  );
  server.head = second;
  const reports = [text("sandbox"), text("production")];
  expect(await publishComment(connection(), pull(second), { runUrl, reports })).toBe(
    "the comment of pull request 7: updated",
  );
  expect(server.comments).toHaveLength(2);
  const body = server.comments[1]?.body ?? "";
  expect(body.startsWith(commentMarker)).toBe(true);
  expect(body).toContain("### What a deploy to `sandbox` would change: 1 to add");
  expect(body).toContain("### What a deploy to `production` would change: 1 to add");
  expect(body).toContain(`_Commit \`bbbbbbbbbb\` · [the run](${runUrl})_`);
  expect(server.requests[0]?.authorization).toBe("token token-of-the-test");
});

test("a newer commit strikes the comment through, and again", async () => {
  await publishComment(connection(), pull(first), { runUrl, reports: [text("sandbox")] });
  for (const head of [second, "c".repeat(40)]) {
    expect(await outdateComment(connection(), pull(head))).toMatch(/: struck through$/);
    const body = server.comments[0]?.body ?? "";
    expect(body.startsWith(commentMarker)).toBe(true);
    expect(body).toContain(`Outdated: commit \`${head.slice(0, 10)}\` is newer`);
    expect(body.match(/Outdated/g)).toHaveLength(1);
    expect(body).toContain("_Commit `aaaaaaaaaa`");
    expect(body.match(/### ~~What a deploy to `sandbox` would change: 1 to add~~/g)).toHaveLength(1);
  }
  server.head = "c".repeat(40);
  await publishComment(connection(), pull("c".repeat(40)), { runUrl, reports: [text("sandbox")] });
  expect(server.comments).toHaveLength(1);
  expect(server.comments[0]?.body).not.toContain("~~");
});

test("nothing is struck through where there is no comment, or it is of this commit", async () => {
  expect(await outdateComment(connection(), pull(first))).toMatch(/: there is none yet$/);
  await publishComment(connection(), pull(first), { runUrl, reports: [text("sandbox")] });
  expect(await outdateComment(connection(), pull(first))).toMatch(/: left as it is: it is of this commit$/);
});

test("a diff that failed says why", async () => {
  await publishComment(connection(), pull(first), { runUrl, reports: [text("sandbox")] });
  server.head = second;
  const markdown = failedMarkdown("sandbox", "values/ollama.yaml: imagee: unknown\n```\n@here");
  await publishComment(connection(), pull(second), { runUrl, reports: [markdown] });
  const body = server.comments[0]?.body ?? "";
  expect(body).toContain("### ~~What a deploy to `sandbox` would change~~: it could not be found out");
  expect(body).toContain("````text\nvalues/ollama.yaml: imagee: unknown\n```\n@here\n````");
  expect(body).not.toContain("1 to add");
});

test("a run that a newer commit overtook leaves the comment alone", async () => {
  server.head = second;
  expect(await publishComment(connection(), pull(first), { runUrl, reports: [text("sandbox")] })).toMatch(
    /: left as it is: commit bbbbbbbbbb is newer/,
  );
  expect(server.comments).toEqual([]);
});

test("somebody else's comment with the marker in it is not touched", async () => {
  server.comment(`${commentMarker}\nmine`, "User");
  await publishComment(connection(), pull(first), { runUrl, reports: [text("sandbox")] });
  expect(server.comments.map(({ body }) => body.split("\n")[1])).toEqual([
    "mine",
    `<!-- report of ${first} -->`,
  ]);
});

test("the comment of a fork's pull request is skipped with the reason, without a request", async () => {
  expect(await publishComment(connection(), pull(first, true), { runUrl, reports: [text("sandbox")] })).toBe(
    "the comment of pull request 7: skipped: it comes from a fork, whose workflow may only read; the report is in the job's summary",
  );
  expect(server.requests).toEqual([]);
});

test("a token that may only read skips the comment with the reason; any other refusal fails", async () => {
  server.refuseWrites = 403;
  expect(await publishComment(connection(), pull(first), { runUrl, reports: [text("sandbox")] })).toMatch(
    /: skipped: the job's token may not write it \(Resource not accessible by integration/,
  );
  server.refuseWrites = 422;
  await expect(
    publishComment(connection(), pull(first), { runUrl, reports: [text("sandbox")] }),
  ).rejects.toThrow(/^the comment of pull request 7: GitHub answered 422/);
});

test("fails where GitHub cannot be reached", async () => {
  const away = connectGitHub({ ...server.variables, GITHUB_API_URL: "http://127.0.0.1:1" });
  await expect(outdateComment(away, pull(first))).rejects.toThrow(
    /GitHub answered nothing .*is GitHub reachable\?/,
  );
});

test("reports that are too long are cut to what a comment holds, folded parts first, also when they are outdated", async () => {
  const long = `### What a deploy would change\n\nwarning\n\n${"<details><summary>x</summary>\n\n" + "y".repeat(900) + "\n\n</details>\n\n"}`;
  const markdown = `${long}${"<details><summary>x</summary>\n\nyyyy\n\n</details>\n\n".repeat(1700)}`;
  await publishComment(connection(), pull(first), { runUrl, reports: [markdown, markdown] });
  await outdateComment(connection(), pull(second));
  const body = server.comments[0]?.body ?? "";
  expect(body.length).toBeLessThanOrEqual(commentLimit);
  expect(body.match(/warning/g)?.length).toBeGreaterThanOrEqual(2);
  expect(body.match(/<details>/g)?.length).toBe(body.match(/<\/details>/g)?.length);
});
