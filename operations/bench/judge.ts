import type { Figure, Outcome } from "./figure";
import { type Spread, spread } from "./spread";

/** A figure beside its target. */
export interface Judgement {
  readonly figure: Figure;
  readonly verdict: "met" | "missed" | "failed" | "not measured";
  /** What was held against the target; only where something was measured, like the next three. */
  readonly value?: number;
  readonly measured?: Spread;
  readonly instead?: Spread & { readonly what: string };
  /** Median measured by median of what people would use instead. */
  readonly ratio?: number;
  /** How it was measured, why it was not, or what went wrong. */
  readonly note?: string;
}

/** Holds what was found out about a figure against its target. */
export function judge(figure: Figure, outcome: Outcome): Judgement {
  if ("notMeasured" in outcome) return { figure, verdict: "not measured", note: outcome.notMeasured };
  if ("failed" in outcome) return { figure, verdict: "failed", note: outcome.failed };
  const measured = spread(outcome.samples);
  const instead = outcome.instead && { what: outcome.instead.what, ...spread(outcome.instead.samples) };
  const value = judgedValue(figure, measured.median, instead?.median);
  return {
    figure,
    verdict: value <= figure.atMost ? "met" : "missed",
    value,
    measured,
    ...(instead && { instead, ratio: measured.median / instead.median }),
    ...(outcome.note && { note: outcome.note }),
  };
}

function judgedValue(figure: Figure, measured: number, instead: number | undefined): number {
  if (figure.judged === "median") return measured;
  if (instead === undefined)
    throw new RangeError(`${figure.id} is judged by comparison, with nothing beside it`);
  return figure.judged === "difference" ? measured - instead : measured / instead;
}
