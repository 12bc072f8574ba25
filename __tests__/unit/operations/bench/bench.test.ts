import * as fs from "node:fs";
import * as path from "node:path";
import { bench, measurements, refuseMissed, reportTable, target } from "../../../../operations/bench/bench";
import { type Figure, judge, type Measurement, type Samples } from "../../../../operations/bench/figure";
import { command } from "../../../../operations/commands/bench";
import { OperationError } from "../../../../operations/errors/operation-error";
import { runCommand } from "../../../../operations/command-line/run-command";
import { repository } from "../../sample-repository";
import { interruptionOf } from "./interruption-of";

const figures = measurements.flatMap((measurement) => measurement.figures);

function figure(title: string): Figure {
  const found = figures.find((one) => one.title.startsWith(title));
  if (!found) throw new Error(`there is no figure ${title}`);
  return found;
}

const run = (wanted: readonly Measurement[], signal = new AbortController().signal) =>
  bench(
    { root: "/nowhere", variables: {}, runs: 5, say: () => undefined, interruption: interruptionOf(signal) },
    wanted,
  );
const measurement = (title: string, measure: () => Promise<Samples>): Measurement => ({
  figures: [figure(title)],
  measure: async () => [await measure()],
});

const good = measurement("synth", async () => ({ samples: [0.4] }));
const missed = measurement("npm run up", async () => ({ samples: [31] }));
const broken = measurement("npx cdktf synth", async () => {
  throw new OperationError("the command ended with exit code 1");
});

describe("npm run bench", () => {
  it("judges every figure, in the order in which they are measured", async () => {
    const judgements = await run([good, missed]);
    expect(judgements.map(({ verdict }) => verdict)).toEqual(["met", "missed"]);
  });

  it("fails with the names of all figures that miss their target", async () => {
    const judgements = await run([good, missed, broken]);
    expect(() => refuseMissed(judgements)).toThrow(OperationError);
    expect(() => refuseMissed(judgements)).toThrow(
      /^2 of 3 figures do not keep the target:\n {2}npm run up, with its programs there: missed\n {2}npx cdktf synth: failed\n/,
    );
  });

  it("measures the others when one measurement breaks", async () => {
    expect(await run([broken, good])).toMatchObject([
      { verdict: "failed", reason: "the command ended with exit code 1" },
      { verdict: "met" },
    ]);
  });

  it("fails on a fault of the program instead of taking it for a slow run", async () => {
    const fault = measurement("npm run up", async () => {
      throw new TypeError("a fault");
    });
    await expect(run([fault])).rejects.toThrow(TypeError);
  });

  it("ends without a verdict when it is interrupted", async () => {
    const stop = new AbortController();
    const interrupted = measurement("npm run up", async () => {
      stop.abort();
      throw new OperationError("stopped");
    });
    await expect(run([interrupted, good], stop.signal)).rejects.toThrow("stopped");
  });

  it("fails when fewer than five runs are asked for", async () => {
    const written = jest.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      await runCommand(command, ["--runs", "3"]);
      expect(process.exitCode).toBe(1);
      expect(written.mock.calls.join("")).toContain("expected a whole number of at least 5");
    } finally {
      process.exitCode = undefined;
      written.mockRestore();
    }
  });
});

describe("a figure", () => {
  it("is judged by the median: one slow run changes nothing", () => {
    expect(judge(figure("npm run up"), { samples: [9, 10, 11, 12, 90] })).toMatchObject({
      measured: 11,
      verdict: "met",
    });
  });

  it("is judged by its ratio to what stands beside it, where it says so", () => {
    const plan = (ours: number) =>
      judge(figure("Terraform's plan"), { samples: [ours], besides: [2] }).verdict;
    expect([plan(2.3), plan(2.5)]).toEqual(["met", "missed"]);
  });

  it("misses its target where there is nothing to compare it with", () => {
    expect(judge(figure("Terraform's plan"), { samples: [1] }).verdict).toBe("missed");
  });
});

describe("the report", () => {
  it("is a table in 80 columns, and below it what was missed and why", async () => {
    const table = reportTable(
      [
        judge(figure("synth"), { samples: [0.41, 0.44, 0.6], besides: [0.2] }),
        judge(figure("npx cdktf synth"), { samples: [12.9], besides: [10.1] }),
        judge(figure("the sandbox"), { samples: [593.4] }),
        ...(await run([broken])),
      ],
      5,
    );
    expect(table).toBe(`\
                              target    measured  beside it
synth of both stacks,         0.5 s     0.44 s    0.20 s, an empty app
without CDKTF's command line
npx cdktf synth               1.2 ×     12.9 s    10.1 s, an empty app
the sandbox with both         900 MB    593 MB
releases, without the model
server
npx cdktf synth               1.2 ×     -         -, an empty app

medians of 5 runs
npx cdktf synth: missed
npx cdktf synth: failed: the command ended with exit code 1`);
  });

  it("has the figures and the targets of README, in its order", () => {
    const [, section = ""] = fs
      .readFileSync(path.join(repository, "README.md"), "utf8")
      .replaceAll("`", "")
      .split("## Figures");
    const rows = [...section.matchAll(/^\| ([^|-][^|]*[^|\s]) +\| ([^|]*[^|\s]) +\| [^|]* \| [^|]* \|$/gm)];
    expect(rows.map(([, title, aim]) => [title, aim])).toEqual(
      figures.map((one) => [one.title, target(one)]),
    );
  });
});
