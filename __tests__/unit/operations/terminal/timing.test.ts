import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { timed, timingTable } from "../../../../operations/terminal/timing";
import { repository } from "../../sample-repository";

const rowOf = (name: string): string[] =>
  timingTable()
    .split("\n")
    .find((line) => line.startsWith(name))
    ?.slice(46)
    .trim()
    .split(/ {2,}/) ?? [];

describe("where the time went", () => {
  it("has a row for what happened several times, and counts what went on side by side once", async () => {
    const began = performance.now();
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const both = [timed("read twice", () => ended), timed("read twice", () => ended)];
    end();
    await Promise.all(both);
    const whole = (performance.now() - began) / 1000;
    const [times, , took = ""] = rowOf("read twice");
    expect(times).toBe("2");
    expect(parseFloat(took)).toBeLessThanOrEqual(whole + 0.01);
  });

  it("has what failed, and fails with it", async () => {
    const failing = timed("failed", () => Promise.reject(new Error("no answer")));
    await expect(failing).rejects.toThrow("no answer");
    expect(rowOf("failed")[0]).toBe("1");
  });
});

test("--timing is an option of a command and of its sub-commands, and writes to stderr alone", async () => {
  const run = promisify(execFile);
  const listed = (...args: string[]) =>
    run(process.execPath, ["operations/entry.mjs", "charts", ...args], { cwd: repository });
  const [plain, before, after] = await Promise.all([
    listed("list"),
    listed("--timing", "list"),
    listed("list", "--timing"),
  ]);
  for (const { stdout, stderr } of [before, after]) {
    expect(stdout).toBe(plain.stdout);
    expect(stderr).toMatch(
      /^where the time went .*\nnode: its start, and what it loads .*\n(.*\n)*all of it /,
    );
  }
  expect(plain.stderr).toBe("");
}, 60_000);
