import * as fs from "node:fs";
import * as path from "node:path";
import { bench, measurements, refuseMissed, reportTable, target } from "../../../../operations/bench/bench";
import { type Figure, judge, type Measurement, type Outcome } from "../../../../operations/bench/figure";
import { command } from "../../../../operations/commands/bench";
import { OperationError } from "../../../../operations/errors/operation-error";
import { runCommand } from "../../../../operations/command-line/run-command";
import { repository } from "../../sample-repository";

const figures = measurements.flatMap((measurement) => measurement.figures);

function figure(id: string): Figure {
  const found = figures.find((one) => one.id === id);
  if (!found) throw new Error(`there is no figure ${id}`);
  return found;
}

const run = (wanted: readonly Measurement[], signal = new AbortController().signal) =>
  bench({ root: "/nowhere", variables: {}, runs: 5, say: () => undefined, signal }, wanted);
const measurement = (id: string, measure: () => Promise<Outcome>): Measurement => ({
  figures: [figure(id)],
  measure: async () => ({ [id]: await measure() }),
});

const good = measurement("synth-time", async () => ({ samples: [0.4] }));
const missed = measurement("up", async () => ({ samples: [31] }));
const absent = measurement("state", async () => ({ notMeasured: "terraform is not on PATH" }));
const broken = measurement("cli-synth", async () => {
  throw new OperationError("the command ended with exit code 1");
});

describe("npm run bench", () => {
  it("judges every figure, in the order in which they are measured", async () => {
    const judgements = await run([good, missed]);
    expect(judgements.map(({ id, verdict }) => [id, verdict])).toEqual([
      ["synth-time", "met"],
      ["up", "missed"],
    ]);
  });

  it("keeps what cannot be measured here apart from what misses its target, and says why", async () => {
    const [judgement] = await run([absent]);
    expect(judgement).toMatchObject({ verdict: "not measured", note: "terraform is not on PATH" });
    expect(() => refuseMissed([judgement!])).not.toThrow();
  });

  it("fails with the names of all figures that miss their target", async () => {
    const judgements = await run([good, missed, absent, broken]);
    expect(() => refuseMissed(judgements)).toThrow(OperationError);
    expect(() => refuseMissed(judgements)).toThrow(
      /^2 of 4 figures do not keep the target:\n {2}npm run up, with its programs there: missed\n {2}npx cdktf synth: failed\n/,
    );
  });

  it("measures the others when one measurement breaks", async () => {
    expect(await run([broken, good])).toMatchObject([
      { verdict: "failed", note: "the command ended with exit code 1" },
      { verdict: "met" },
    ]);
  });

  it("fails on a fault of the program instead of taking it for a slow run", async () => {
    const fault = measurement("up", async () => {
      throw new TypeError("a fault");
    });
    await expect(run([fault])).rejects.toThrow(TypeError);
  });

  it("ends without a verdict when it is interrupted", async () => {
    const stop = new AbortController();
    const interrupted = measurement("up", async () => {
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

const beside = (what: string, ...samples: number[]) => ({ beside: { what, samples } });

describe("a figure", () => {
  it("is judged by the median: one slow run changes nothing", () => {
    expect(judge(figure("up"), { samples: [9, 10, 11, 12, 90] })).toMatchObject({
      measured: 11,
      verdict: "met",
    });
    expect(judge(figure("up"), { samples: [29, 32] })).toMatchObject({ measured: 30.5, verdict: "missed" });
  });

  it("is judged by its difference or its ratio to what stands beside it, where it says so", () => {
    const cli = (ours: number) =>
      judge(figure("cli-synth"), { samples: [ours], ...beside("an empty app", 2) });
    expect([cli(2.4).verdict, cli(2.6).verdict]).toEqual(["met", "missed"]);
    const plan = (ours: number) => judge(figure("no-op-plan"), { samples: [ours], ...beside("by hand", 2) });
    expect([plan(2.3).verdict, plan(2.5).verdict]).toEqual(["met", "missed"]);
  });

  it("misses its target where there is nothing to compare it with", () => {
    expect(judge(figure("no-op-plan"), { samples: [1] }).verdict).toBe("missed");
  });
});

describe("the report", () => {
  it("is a table in 80 columns, and below it what was missed and what must be known", () => {
    const table = reportTable(
      [
        judge(figure("synth-time"), { samples: [0.41, 0.44, 0.6], ...beside("an empty app", 0.2) }),
        judge(figure("cli-synth"), { samples: [12.9], ...beside("an empty app", 12.1) }),
        judge(figure("sandbox-memory"), { samples: [593.4], note: "resident sets (RSS) added up" }),
        judge(figure("state"), { samples: [14.2], ...beside("the same by hand in HCL", 17.4) }),
        judge(figure("up"), { notMeasured: "the sandbox's programs are not here yet" }),
      ],
      5,
    );
    expect(table).toBe(`\
                              target           measured  beside it
synth of both stacks,         0.5 s            0.44 s    0.20 s, an empty app
without CDKTF's command line
npx cdktf synth               0.5 s above an   12.9 s    12.1 s, an empty app
                              empty app
the sandbox with both         900 MB           593 MB
releases, without the model
server
Terraform's state of both     1 ×              14.2 KB   17.4 KB, the same by
releases                                                 hand in HCL
npm run up, with its          30 s             -
programs there

medians of 5 runs; 1 KB is 1,024 bytes, 1 MB 1,024 KB
npx cdktf synth: missed
the sandbox with both releases, without the model server: met: resident sets (RSS) added up
npm run up, with its programs there: not measured: the sandbox's programs are not here yet`);
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
