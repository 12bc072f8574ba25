import type { Figure } from "../figure";
import { statesOf } from "../sides";
import { kilobytes } from "./state";

export const stateWhole: Figure = {
  title: "state of both stacks",
  unit: "KB",
  atMostRuns: 1,
  take: { platform: async (lab) => kilobytes(statesOf(lab).platform) },
};
