import * as fs from "node:fs";
import * as path from "node:path";
import { appCommand, writeEmptyApp } from "../../../../operations/bench/synth";
import { inTurns, timedRun } from "../../../../operations/bench/timed-run";
import { waitFor } from "../../../wait-for";
import { repository, sampleRepository, temporaryDirectory } from "../../sample-repository";

const surroundings = (cwd: string, signal = new AbortController().signal) => ({
  cwd,
  variables: process.env,
  signal,
});

describe("the empty app", () => {
  it("synthesizes with the command of this app", async () => {
    const directory = temporaryDirectory();
    writeEmptyApp(repository, directory);
    expect(appCommand(directory)).toEqual(appCommand(repository));
    const { seconds } = await timedRun(appCommand(directory), surroundings(directory));
    expect(seconds).toBeGreaterThan(0);
  });
});

describe("the command of cdktf.json", () => {
  it("fails when only a shell understands it", () => {
    const { root, write } = sampleRepository();
    write("cdktf.json", JSON.stringify({ app: "npm run build && node main.js" }));
    expect(() => appCommand(root)).toThrow("expected a program and plain arguments");
  });
});

describe("a timed run", () => {
  const script = (text: string) => [process.execPath, "-e", text];

  it("fails with the last output of a program that fails", async () => {
    const run = timedRun(
      script('console.error("the reason"); process.exitCode = 3'),
      surroundings(repository),
    );
    await expect(run).rejects.toThrow(/exit code 3, expected 0\n {2}the reason/);
  });

  it("ends the program when it is interrupted", async () => {
    const stop = new AbortController();
    const begun = path.join(temporaryDirectory(), "begun");
    const run = timedRun(
      script(`fs.writeFileSync(${JSON.stringify(begun)}, ""); setInterval(() => {}, 1000)`),
      surroundings(repository, stop.signal),
    );
    const stopped = expect(run).rejects.toThrow("stopped");
    await waitFor("the program runs", () => fs.existsSync(begun));
    stop.abort();
    await stopped;
  });

  it("starts nothing after an interruption", async () => {
    const run = timedRun(script("process.exit(3)"), surroundings(repository, AbortSignal.abort()));
    await expect(run).rejects.toThrow("stopped");
  });

  it("comes in turns with another, each once more than counted", async () => {
    const order: string[] = [];
    const say = (name: string) => async () => order.push(name);
    const [ours, beside] = await inTurns(2, say("ours"), say("beside"));
    expect(order.join(" ")).toBe("ours beside ours beside ours beside");
    expect([ours, beside]).toEqual([
      [3, 5],
      [4, 6],
    ]);
  });
});
