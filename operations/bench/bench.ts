import { OperationError } from "../errors/operation-error";
import { columns } from "../terminal/columns";
import { type BenchContext, type Judgement, judge, type Measurement } from "./figure";
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
 * @throws OperationError when somebody wanted to have it end
 */
export async function bench(context: BenchContext, wanted = measurements): Promise<Judgement[]> {
  const judgements: Judgement[] = [];
  for (const { figures, measure } of wanted) {
    try {
      const found = await measure(context);
      for (const figure of figures)
        judgements.push(
          judge(figure, found[figure.id] ?? { notMeasured: "the measurement said nothing about it" }),
        );
    } catch (error) {
      if (context.signal.aborted) throw new OperationError("stopped: nothing is left running");
      if (!(error instanceof OperationError)) throw error;
      const { message } = error;
      judgements.push(...figures.map((figure) => ({ ...figure, verdict: "failed" as const, note: message })));
    }
  }
  return judgements;
}

/** Every figure with its target, what was measured and what stands beside it, in 80 columns: the table of README. */
export function reportTable(judgements: readonly Judgement[], runs: number): string {
  const rows = judgements.map((judgement) => [
    judgement.title,
    target(judgement),
    amount(judgement.measured, judgement),
    judgement.beside ? `${amount(judgement.beside.measured, judgement)}, ${judgement.beside.what}` : "",
  ]);
  const notes = judgements.flatMap(({ title, verdict, note }) =>
    verdict === "met" && note === undefined
      ? []
      : [[title, [verdict, note].filter(Boolean).join(": ")].join(": ")],
  );
  return [
    columns([28, 15, 8, 23], [["", "target", "measured", "beside it"], ...rows]),
    "",
    `medians of ${runs} runs; 1 KB is 1,024 bytes, 1 MB 1,024 KB`,
    ...notes,
  ].join("\n");
}

/** Such as `30 s`, `0.5 s above an empty app` or `1.2 ×`. */
export function target({ atMost, unit, judged }: Pick<Judgement, "atMost" | "unit" | "judged">): string {
  if (judged === "ratio") return `${atMost} ×`;
  return `${atMost} ${unit}${judged ? " above an empty app" : ""}`;
}

function amount(value: number | undefined, { unit }: Pick<Judgement, "unit">): string {
  if (value === undefined) return "-";
  const decimals = unit === "MB" ? 0 : unit === "KB" || value >= 10 ? 1 : 2;
  return `${value.toFixed(decimals)} ${unit}`;
}

/**
 * Makes a missed target the failure of the command.
 *
 * @throws OperationError naming each figure that misses its target or could not be measured though everything was there
 */
export function refuseMissed(judgements: readonly Judgement[]): void {
  const bad = judgements.filter(({ verdict }) => verdict === "missed" || verdict === "failed");
  if (!bad.length) return;
  throw new OperationError(
    [
      `${bad.length} of ${judgements.length} figures ${bad.length === 1 ? "does" : "do"} not keep the target:`,
      ...bad.map(({ title, verdict }) => `${title}: ${verdict}`),
      "other programs on this machine make it slower: end them and run npm run bench again before looking for the change that did it",
    ].join("\n  "),
  );
}
