import { measuredRun } from "../../../../operations/bench/measured-run";
import { repository as root } from "../../sample-repository";
import { interruptionOf } from "./interruption-of";

const run = (script: string, signal = new AbortController().signal) =>
  measuredRun({ root, variables: process.env, interruption: interruptionOf(signal) }, [
    process.execPath,
    "-e",
    script,
  ]);

describe("a measured run", () => {
  it("answers how long a program took, and what it wrote", async () => {
    const { seconds, stdout } = await run("console.log('written')");
    expect(seconds).toBeGreaterThan(0);
    expect(stdout).toBe("written");
  });

  it("fails with the last output of a program that fails", async () => {
    await expect(run('console.error("the reason"); process.exitCode = 3')).rejects.toThrow(
      /exit code 3, expected 0\n {2}the reason/,
    );
  });

  it("ends the program when it is interrupted", async () => {
    const stop = new AbortController();
    const running = run("setTimeout(() => {}, 60_000)", stop.signal);
    stop.abort();
    await expect(running).rejects.toThrow("aborted");
  });

  it("starts nothing after an interruption", async () => {
    await expect(run("process.exit(3)", AbortSignal.abort())).rejects.toThrow("aborted");
  });
});
