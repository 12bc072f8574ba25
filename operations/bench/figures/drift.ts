import type { Figure } from "../figure";
import { npm, planStacksAlone, terraformIn, withObjects } from "../sides";
import { diffUnchanged } from "./diff-unchanged";

export const drift: Figure = {
  title: "drift, nothing drifted",
  unit: "s",
  goal: (_size, medianOf) => medianOf("platform", diffUnchanged.title),
  take: {
    platform: (lab) => npm(lab, ["drift"]),
    terraform: (lab) => planStacksAlone(lab, ["-refresh-only"]),
    byHand: (lab) => terraformIn(lab, lab.byHand, ["plan", "-refresh-only", "-lock=false"]),
    objects: (lab) =>
      withObjects(lab, (directory) => terraformIn(lab, directory, ["plan", "-refresh-only", "-lock=false"])),
  },
};
