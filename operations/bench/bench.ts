import type { BenchContext } from "./context";
import { type FigureId, figures, type Outcome } from "./figure";
import { type Judgement, judge } from "./judge";
import { type Measurement, measurements } from "./measurements";
import { OperationError } from "../errors/operation-error";

/** What `npm run bench` takes. */
export interface BenchProps extends BenchContext {
  /** What is measured. Default: everything */
  readonly measurements?: readonly Measurement[];
}

/**
 * Measures every figure anew and holds it against its target.
 *
 * What goes wrong in one measurement is a verdict of its figures: the others are still measured.
 *
 * @returns one judgement a figure
 * @throws OperationError when somebody wanted to have it end
 */
export async function bench({
  measurements: wanted = measurements,
  ...context
}: BenchProps): Promise<readonly Judgement[]> {
  const outcomes = new Map<FigureId, Outcome>();
  for (const { figures: ids, measure } of wanted) {
    try {
      const found = await measure(context);
      for (const id of ids)
        outcomes.set(id, found[id] ?? { failed: "the measurement said nothing about it" });
    } catch (error) {
      if (context.signal.aborted) throw new OperationError("stopped: nothing is left running");
      if (!(error instanceof OperationError)) throw error;
      for (const id of ids) outcomes.set(id, { failed: error.message });
    }
  }
  return figures.flatMap((figure) => {
    const outcome = outcomes.get(figure.id);
    return outcome ? [judge(figure, outcome)] : [];
  });
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
      ...bad.map(({ figure, verdict }) => `${figure.title}: ${verdict}`),
      "other programs on this machine make it slower: end them and run npm run bench again before looking for the change that did it",
    ].join("\n  "),
  );
}
