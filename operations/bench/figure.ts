import type { Interruption } from "../terraform/interruption";

/** One figure that the platform promises to keep. */
export interface Figure {
  /** As README names it. */
  readonly title: string;
  readonly unit: "s" | "MB";
  /** The largest median that keeps the promise: in {@link unit}, or how many times that of what stands beside it. */
  readonly atMost: number;
  /** Of what the largest median is a promise. @default - of the figure itself */
  readonly judged?: "ratio";
  /** What people would use instead, which is measured in turns with it. @default - nothing */
  readonly beside?: string;
}

/** One value a run, in the figure's unit. */
export interface Samples {
  readonly samples: readonly number[];
  /** Of what stands beside it. @default - nothing does */
  readonly besides?: readonly number[];
}

/** What every measurement takes. */
export interface BenchContext {
  /** The repository, absolute. Nothing in it is changed. */
  readonly root: string;
  /** Is empty at first, and removed at the end. */
  readonly directory: string;
  /** The process's environment: CHARTS_DIR, TF_CLI_CONFIG_FILE and the like pass through. */
  readonly variables: NodeJS.ProcessEnv;
  /** How often each command is run. */
  readonly runs: number;
  /** Takes what is going on, a line at a time. */
  readonly say: (line: string) => void;
  readonly interruption: Interruption;
}

/** Figures that are measured in one go. */
export interface Measurement {
  readonly figures: readonly Figure[];
  /** @returns the samples of each figure, in their order */
  readonly measure: (context: BenchContext) => Promise<readonly Samples[]>;
}

/** A figure beside its target. */
export interface Judgement extends Figure, Partial<Samples> {
  readonly verdict: "met" | "missed" | "failed";
  /** The median. @default - it could not be measured */
  readonly measured?: number;
  /** The median of what stands beside it. @default - nothing does */
  readonly measuredBeside?: number;
  /** What went wrong. @default - nothing */
  readonly reason?: string;
}

/** Holds what was measured of a figure against its target. */
export function judge(figure: Figure, found: Samples): Judgement {
  const measured = median(found.samples);
  const measuredBeside = found.besides && median(found.besides);
  const value = figure.judged === "ratio" ? measured / (measuredBeside ?? NaN) : measured;
  return {
    ...figure,
    ...found,
    measured,
    measuredBeside,
    verdict: value <= figure.atMost ? "met" : "missed",
  };
}

function median(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[samples.length >> 1] ?? NaN;
}
