import * as fs from "node:fs";
import type { Figure } from "../figure";
import type { Lab } from "../lab";
import { statesOf, withObjects } from "../sides";

/** Of the releases alone: by hand and as objects there is nothing like the foundation. */
export const state: Figure = {
  title: "state of the releases",
  unit: "KB",
  goal: (size) => (size === 20 ? 150 : undefined),
  atMostRuns: 1,
  take: {
    platform: async (lab) => kilobytes(statesOf(lab).platform.slice(1)),
    byHand: async (lab) => kilobytes(statesOf(lab).byHand),
    objects: (lab: Lab) => withObjects(lab, async () => kilobytes(statesOf(lab).objects)),
  },
};

/** The size of files. */
export function kilobytes(files: readonly string[] = []): number {
  return files.reduce((sum, file) => sum + fs.statSync(file).size / 1024, 0);
}
