import execa from "execa";
import * as fs from "node:fs";
import { Clone } from "../clone";

jest.setTimeout(60_000);

let clone: Clone;
/** Where the clone's processes make their temporary directories. */
let temporary: string;

beforeAll(async () => {
  clone = new Clone();
  temporary = clone.file("home");
  fs.mkdirSync(temporary);
  const git = (...args: string[]) =>
    execa("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], { cwd: clone.root });
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", "as it is");
});
afterAll(() => clone.remove());

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("a comparison that %s ends leaves nothing behind", async (signal, exitCode) => {
  const child = execa(
    "node",
    ["operations/entry.mjs", "diff", "--environment", "sandbox", "--against", "HEAD"],
    { cwd: clone.root, env: { TMPDIR: temporary }, reject: false },
  );
  const mine = (): string[] =>
    fs.readdirSync(temporary).filter((name) => name.startsWith("llm-platform-work-"));
  for (let i = 0; i < 800 && mine().length === 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 25));
  expect(mine()).toHaveLength(1);
  child.kill(signal);
  expect((await child).exitCode).toBe(exitCode);
  expect(mine()).toEqual([]);
});

describe("a comment about a diff that failed", () => {
  const comment = (): string => clone.read("comment.md");
  beforeEach(() => fs.writeFileSync(clone.file("comment.md"), "what an older commit would change"));
  const diff = (...args: string[]) =>
    clone.npm("diff", ["--environment", "sandbox", "--markdown", "comment.md", ...args]);

  test("says so and why", async () => {
    const { exitCode, output } = await diff("--against", "nowhere");
    expect(exitCode).toBe(1);
    expect(comment().split("\n")[0]).toBe("<!-- llm-platform diff: sandbox -->");
    expect(comment()).toContain("it could not be found out");
    expect(comment()).toContain('--against: found "nowhere", which is no commit, branch or tag');
    expect(comment()).not.toContain("an older commit");
    expect(output).toContain('--against: found "nowhere"');
  });

  test("says what is wrong in a file, too", async () => {
    clone.replace("environments/sandbox.yaml", "gpu:", "gpuu:");
    const { exitCode } = await diff();
    clone.replace("environments/sandbox.yaml", "gpuu:", "gpu:");
    expect(exitCode).toBe(1);
    expect(comment()).toContain(
      "environments/sandbox.yaml: applications.ollama.gpuu: unknown key, did you mean gpu?",
    );
  });

  test("shows no credential", async () => {
    clone.writeCredentials({ creds_iv: "sentinel-value" });
    const { exitCode } = await diff();
    expect(exitCode).toBe(1);
    expect(comment()).toContain("creds_iv: malformed, expected 32 hexadecimal digits, found 14 characters");
    expect(comment()).not.toContain("sentinel-value");
  });
});
