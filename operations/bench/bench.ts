import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { InterruptedError } from "../errors/interrupted-error";
import { OperationError } from "../errors/operation-error";
import { columns } from "../terminal/columns";
import { removeAfterwards } from "../terminal/remove-afterwards";
import { type BenchContext, type Figure, type Judgement, judge, type Measurement } from "./figure";
import { platform } from "./platform";
import { synth } from "./synth";

/** All measurements, the quick ones first: the figures in the order in which they are shown. */
export const measurements: readonly Measurement[] = [synth, platform];

/**
 * Measures every figure anew and holds it against its target.
 *
 * What goes wrong in one measurement is a verdict of its figures: the others are still measured.
 *
 * @param wanted what is measured. @default - everything
 * @returns one judgement a figure
 * @throws InterruptedError when somebody wanted to have it end
 */
export async function bench(
  context: Omit<BenchContext, "directory">,
  wanted = measurements,
): Promise<Judgement[]> {
  // The real path: on some machines the directory for temporary files is a link.
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "llm-platform-bench-")));
  const judgements: Judgement[] = [];
  const work = async (): Promise<Judgement[]> => {
    for (const { figures, measure } of wanted) {
      try {
        const found = await measure({ ...context, directory });
        judgements.push(...figures.map((figure, i) => judge(figure, found[i] ?? { samples: [] })));
      } catch (error) {
        if (context.interruption.signal.aborted)
          throw new InterruptedError("stopped: nothing is left running");
        if (!(error instanceof OperationError)) throw error;
        const { message: reason } = error;
        judgements.push(...figures.map((figure) => ({ ...figure, verdict: "failed" as const, reason })));
      }
    }
    return judgements;
  };
  return removeAfterwards([directory], work, false);
}

/** Every figure with its target, what was measured and what stands beside it, in 80 columns: the table of README. */
export function reportTable(judgements: readonly Judgement[], runs: number): string {
  const amount = (value: number | undefined, { unit }: Figure): string =>
    value === undefined ? "-" : `${value.toFixed(unit === "MB" ? 0 : value >= 10 ? 1 : 2)} ${unit}`;
  const rows = judgements.map((judgement) => [
    judgement.title,
    target(judgement),
    amount(judgement.measured, judgement),
    judgement.beside ? `${amount(judgement.measuredBeside, judgement)}, ${judgement.beside}` : "",
  ]);
  return [
    columns([28, 8, 8], [["", "target", "measured", "beside it"], ...rows]),
    "",
    `medians of ${runs} runs`,
    ...judgements
      .filter(({ verdict }) => verdict !== "met")
      .map(({ title, verdict, reason }) => [title, verdict, reason].filter(Boolean).join(": ")),
  ].join("\n");
}

/** Such as `30 s` or `1.2 ×`. */
export function target({ atMost, unit, judged }: Figure): string {
  return `${atMost} ${judged === "ratio" ? "×" : unit}`;
}

/**
 * Makes a missed target the failure of the command.
 *
 * @throws OperationError naming each figure that misses its target or could not be measured
 */
export function refuseMissed(judgements: readonly Judgement[]): void {
  const bad = judgements.filter(({ verdict }) => verdict !== "met");
  if (!bad.length) return;
  throw new OperationError(
    [
      `${bad.length} of ${judgements.length} figures ${bad.length === 1 ? "does" : "do"} not keep the target:`,
      ...bad.map(({ title, verdict }) => `${title}: ${verdict}`),
      "other programs on this machine make it slower: end them and run npm run bench again before looking for the change that did it",
    ].join("\n  "),
  );
}
