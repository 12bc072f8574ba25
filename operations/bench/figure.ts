/** What a figure is counted in. MB are 1,048,576 bytes. */
export type Unit = "s" | "MB" | "bytes";

/** One figure that the platform promises to keep. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  /** The largest value that keeps the promise: in {@link unit}, or a factor where a ratio is judged. */
  readonly atMost: number;
  readonly unit: Unit;
  /** What is held against {@link atMost}: the median, or how it compares with the median of what people would use instead. */
  readonly judged: "median" | "difference" | "ratio";
}

/** The figures in the order in which they are shown. */
export const figures = [
  {
    id: "synth-time",
    title: "synth of both stacks without the CLI",
    atMost: 0.5,
    unit: "s",
    judged: "median",
  },
  { id: "synth-memory", title: "its peak memory", atMost: 130, unit: "MB", judged: "median" },
  { id: "cli-synth", title: "npx cdktf synth", atMost: 0.5, unit: "s", judged: "difference" },
  { id: "up", title: "npm run up, once built", atMost: 30, unit: "s", judged: "median" },
  {
    id: "sandbox-memory",
    title: "sandbox with both releases, without the model server",
    atMost: 900,
    unit: "MB",
    judged: "median",
  },
  { id: "state", title: "state of both releases", atMost: 15 * 1024, unit: "bytes", judged: "median" },
  { id: "diff", title: "npm run diff, nothing differs", atMost: 2.5, unit: "s", judged: "median" },
  { id: "doctor", title: "npm run doctor", atMost: 3, unit: "s", judged: "median" },
  { id: "drift", title: "npm run drift, nothing drifted", atMost: 3, unit: "s", judged: "median" },
  { id: "deploy", title: "npm run deploy, nothing to do", atMost: 5, unit: "s", judged: "median" },
  { id: "no-op-plan", title: "no-op plan of llm-apps", atMost: 1.2, unit: "s", judged: "ratio" },
] as const satisfies readonly Figure[];

export type FigureId = (typeof figures)[number]["id"];

/** What was found out about one figure. */
export type Outcome =
  | {
      /** One value a run, in the figure's unit. */
      readonly samples: readonly number[];
      /** The same of what people would use instead. */
      readonly instead?: { readonly what: string; readonly samples: readonly number[] };
      /** How it was measured, where that is not said by the figure. */
      readonly note?: string;
    }
  /** Why this machine cannot measure it. */
  | { readonly notMeasured: string }
  /** What went wrong. */
  | { readonly failed: string };

/** Outcomes by figure. */
export type Outcomes = { readonly [id in FigureId]?: Outcome };
