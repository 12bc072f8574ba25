import type { Figure } from "../figure";
import { peakMemory } from "../peak-memory";
import { npm, planStacksAlone, terraformIn } from "../sides";

export const memory: Figure = {
  title: "memory of diff, all processes",
  unit: "MB",
  goal: (size) => (size === 100 ? 400 : undefined),
  take: {
    platform: (lab) => peakMemory(() => npm(lab, ["diff"])),
    terraform: (lab) => peakMemory(() => planStacksAlone(lab)),
    byHand: (lab) => peakMemory(() => terraformIn(lab, lab.byHand, ["plan", "-lock=false"])),
  },
};
