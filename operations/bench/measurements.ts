import { measureCliSynth } from "./cli-synth";
import type { BenchContext } from "./context";
import type { FigureId, Outcomes } from "./figure";
import { measurePlatform, platformFigures } from "./platform";
import { measureSynth } from "./synth";

/** Figures that are measured in one go. */
export interface Measurement {
  readonly figures: readonly FigureId[];
  readonly measure: (context: BenchContext) => Promise<Outcomes>;
}

/** All measurements, the quick ones first. */
export const measurements: readonly Measurement[] = [
  { figures: ["synth-time", "synth-memory"], measure: measureSynth },
  { figures: ["cli-synth"], measure: measureCliSynth },
  { figures: platformFigures, measure: measurePlatform },
];
