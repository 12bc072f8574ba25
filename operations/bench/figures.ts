import type { Figure } from "./figure";
import { controlPlane } from "./figures/control-plane";
import { cdktfSynth } from "./figures/cdktf-synth";
import { deployFirst } from "./figures/deploy-first";
import { deployUnchanged } from "./figures/deploy-unchanged";
import { diffChanged } from "./figures/diff-changed";
import { diffUnchanged } from "./figures/diff-unchanged";
import { doctor } from "./figures/doctor";
import { drift } from "./figures/drift";
import { lines } from "./figures/lines";
import { memory } from "./figures/memory";
import { secrets } from "./figures/secrets";
import { state } from "./figures/state";
import { stateWhole } from "./figures/state-whole";
import { synth } from "./figures/synth";
import { up } from "./figures/up";

/** All of them, in the order in which they are taken and shown: each leaves the platform as it found it. */
export const figures: readonly Figure[] = [
  ...[synth, cdktfSynth, diffUnchanged, memory, diffChanged, drift, deployUnchanged, doctor],
  ...[deployFirst, state, stateWhole, lines, secrets, up, controlPlane],
];
