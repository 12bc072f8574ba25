import type { Outcomes } from "../../../../operations/bench/figure";
import type { Measurement } from "../../../../operations/bench/measurements";
import { bench, refuseMissed } from "../../../../operations/bench/bench";
import { command } from "../../../../operations/commands/bench";
import { OperationError } from "../../../../operations/errors/operation-error";
import { runCommand } from "../../../../operations/command-line/run-command";

const run = (measurements: readonly Measurement[], signal = new AbortController().signal) =>
  bench({ root: "/nowhere", variables: {}, runs: 5, say: () => undefined, signal, measurements });
const measurement = (figures: Measurement["figures"], measure: () => Promise<Outcomes>): Measurement => ({
  figures,
  measure,
});

const good = measurement(["synth-time"], async () => ({ "synth-time": { samples: [0.4] } }));
const missed = measurement(["up"], async () => ({ up: { samples: [31] } }));
const absent = measurement(["state"], async () => ({ state: { notMeasured: "terraform is not on PATH" } }));
const broken = measurement(["cli-synth"], async () => {
  throw new OperationError("the command ended with exit code 1");
});

describe("npm run bench", () => {
  it("judges every figure, in the order in which they are listed", async () => {
    const judgements = await run([missed, good]);
    expect(judgements.map(({ figure, verdict }) => [figure.id, verdict])).toEqual([
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
      /^2 of 4 figures do not keep the target:\n {2}npx cdktf synth: failed\n {2}npm run up, once built: missed\n/,
    );
  });

  it("measures the others when one measurement breaks", async () => {
    const judgements = await run([broken, good]);
    expect(judgements).toMatchObject([
      { verdict: "met" },
      { verdict: "failed", note: "the command ended with exit code 1" },
    ]);
  });

  it("fails on a fault of the program instead of taking it for a slow run", async () => {
    const fault = measurement(["up"], async () => {
      throw new TypeError("a fault");
    });
    await expect(run([fault])).rejects.toThrow(TypeError);
  });

  it("ends without a verdict when it is interrupted", async () => {
    const stop = new AbortController();
    const interrupted = measurement(["up"], async () => {
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
