import * as fs from "node:fs";
import * as path from "node:path";
import { Clone } from "../clone";
import { HeldProgram } from "../held-program";

jest.setTimeout(60_000);

let clone: Clone;

beforeAll(async () => {
  clone = new Clone();
  await clone.commit("as it is");
});
afterAll(() => clone.remove());

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("a comparison that %s ends leaves nothing behind", async (signal, exitCode) => {
  const temporary = clone.file(signal);
  fs.mkdirSync(temporary);
  const mine = (): string[] =>
    fs.readdirSync(temporary).filter((name) => name.startsWith("llm-platform-work-"));
  const helm = new HeldProgram(clone.file("held"), process.env.HELM ?? "helm", "template");
  try {
    const diff = clone.npmBegun("diff", ["--environment", "sandbox", "--against", "HEAD"], {
      TMPDIR: temporary,
      HELM: helm.file,
    });
    const ended = diff.ended();
    await helm.reached(1, ended);
    expect(mine()).toHaveLength(1);
    expect(fs.readdirSync(path.join(temporary, mine()[0] ?? ""))).toContain("revision");
    diff.signal(signal);
    expect((await ended).exitCode).toBe(exitCode);
    expect(mine()).toEqual([]);
  } finally {
    helm.close();
  }
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
