import * as path from "node:path";
import { writeEmptyApp } from "../../../../operations/bench/synth";
import { inTurns, timedRun } from "../../../../operations/bench/timed-run";
import { repository, temporaryDirectory } from "../../sample-repository";
import { interruptionOf } from "./interruption-of";

const run = (cwd: string, command: readonly string[], signal = new AbortController().signal) =>
  timedRun({ interruption: interruptionOf(signal) }, command, cwd, process.env);
const script = (text: string) => [process.execPath, "-e", text];

test("the empty app synthesizes with the packages of this one", async () => {
  const directory = path.join(temporaryDirectory(), "empty");
  writeEmptyApp(repository, directory);
  const command = ["node", "--require", "./operations/typescript.cjs", "main.ts"];
  expect(await run(directory, command)).toBeGreaterThan(0);
});

describe("a timed run", () => {
  it("fails with the last output of a program that fails", async () => {
    await expect(
      run(repository, script('console.error("the reason"); process.exitCode = 3')),
    ).rejects.toThrow(/exit code 3, expected 0\n {2}the reason/);
  });

  it("ends the program when it is interrupted", async () => {
    const stop = new AbortController();
    const running = run(repository, script("setInterval(() => {}, 1000)"), stop.signal);
    setTimeout(() => stop.abort(), 50);
    await expect(running).rejects.toThrow("aborted");
  });

  it("starts nothing after an interruption", async () => {
    await expect(run(repository, script("process.exit(3)"), AbortSignal.abort())).rejects.toThrow("aborted");
  });
});

test("several measures come in turns, each once more than counted", async () => {
  const order: string[] = [];
  const say = (name: string) => async () => order.push(name);
  const found = await inTurns(2, [say("ours"), say("beside")]);
  expect(order.join(" ")).toBe("ours beside ours beside ours beside");
  expect(found).toEqual([
    [3, 5],
    [4, 6],
  ]);
});
