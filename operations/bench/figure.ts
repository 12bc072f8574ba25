/** One figure that the platform promises to keep. */
export interface Figure {
  readonly id: string;
  /** As README names it. */
  readonly title: string;
  /** The largest value that keeps the promise: in {@link unit}, or a factor where a ratio is judged. */
  readonly atMost: number;
  /** KB and MB are 1,024 and 1,048,576 bytes. */
  readonly unit: "s" | "KB" | "MB";
  /** What is held against {@link atMost}: how the median compares with that of what stands beside it. @default - the median */
  readonly judged?: "difference" | "ratio";
}

/** One value a run, in the figure's unit. */
export interface Samples {
  readonly samples: readonly number[];
  /** The same of what people would use instead. @default - nothing stands beside it */
  readonly beside?: { readonly what: string; readonly samples: readonly number[] };
  /** How it was measured, where that is not said by the figure. @default - nothing more is to be said */
  readonly note?: string;
}

/** What was found out about one figure, or why this machine cannot measure it. */
export type Outcome = Samples | { readonly notMeasured: string };

/** What every measurement takes. */
export interface BenchContext {
  /** The repository, absolute. Nothing in it is changed. */
  readonly root: string;
  /** The process's environment: CHARTS_DIR, TF_CLI_CONFIG_FILE and the like pass through. */
  readonly variables: NodeJS.ProcessEnv;
  /** How often each command is run. */
  readonly runs: number;
  /** Takes what is going on, a line at a time. */
  readonly say: (line: string) => void;
  /** Aborted when somebody wants to have it end: what was started is taken down. */
  readonly signal: AbortSignal;
}

/** Figures that are measured in one go. */
export interface Measurement {
  readonly figures: readonly Figure[];
  /** @returns the outcome of each figure, by its id */
  readonly measure: (context: BenchContext) => Promise<{ readonly [id: string]: Outcome }>;
}

/** A figure beside its target. */
export interface Judgement extends Figure {
  readonly verdict: "met" | "missed" | "failed" | "not measured";
  /** Median; only where something was measured, like the next two. @default - nothing was measured */
  readonly measured?: number;
  /** @default - nothing was measured */
  readonly samples?: readonly number[];
  /** @default - nothing stands beside it */
  readonly beside?: { readonly what: string; readonly measured: number; readonly samples: readonly number[] };
  /** How it was measured, why it was not, or what went wrong. @default - nothing more is to be said */
  readonly note?: string;
}

/** Holds what was found out about a figure against its target. */
export function judge(figure: Figure, outcome: Outcome): Judgement {
  if ("notMeasured" in outcome) return { ...figure, verdict: "not measured", note: outcome.notMeasured };
  const { beside: stands, ...own } = outcome;
  const measured = median(own.samples);
  const beside = stands && { ...stands, measured: median(stands.samples) };
  const value = {
    median: measured,
    difference: measured - (beside?.measured ?? NaN),
    ratio: measured / (beside?.measured ?? NaN),
  }[figure.judged ?? "median"];
  const verdict = value <= figure.atMost ? "met" : "missed";
  return { ...figure, verdict, measured, ...own, ...(beside && { beside }) };
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? NaN;
  return (at(Math.floor((sorted.length - 1) / 2)) + at(Math.ceil((sorted.length - 1) / 2))) / 2;
}
