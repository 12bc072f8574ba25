import { appCommand } from "../../../../operations/bench/app-command";
import { writeEmptyApp } from "../../../../operations/bench/empty-app";
import { timedRun } from "../../../../operations/bench/timed-run";
import { repository, sampleRepository, temporaryDirectory } from "../../sample-repository";

describe("the empty app", () => {
  it("synthesizes with the command of this app", async () => {
    const directory = temporaryDirectory();
    writeEmptyApp(repository, directory);
    const [file, ...args] = appCommand(directory);
    expect([file, ...args]).toEqual(appCommand(repository));
    const command = { file, args, cwd: directory, variables: process.env };
    const { seconds } = await timedRun(command, new AbortController().signal);
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
  const command = (script: string) => ({
    file: process.execPath,
    args: ["-e", script],
    cwd: repository,
    variables: process.env,
  });

  it("fails with the last output of a program that fails", async () => {
    const run = timedRun(
      command('console.error("the reason"); process.exitCode = 3'),
      new AbortController().signal,
    );
    await expect(run).rejects.toThrow(/exit code 3, expected 0\n {2}the reason/);
  });

  it("ends the program when it is interrupted", async () => {
    const stop = new AbortController();
    const run = timedRun(command("setInterval(() => {}, 1000)"), stop.signal);
    setTimeout(() => stop.abort(), 50);
    await expect(run).rejects.toThrow("stopped");
  });

  it("starts nothing after an interruption", async () => {
    await expect(timedRun(command("process.exit(3)"), AbortSignal.abort())).rejects.toThrow("stopped");
  });
});
