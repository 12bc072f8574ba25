import type { Figure } from "../figure";
import { npm, terraformIn, withObjects } from "../sides";
import { diffUnchanged } from "./diff-unchanged";

export const deployUnchanged: Figure = {
  title: "deploy, nothing to do",
  unit: "s",
  goal: (_size, medianOf) => times(1.3, medianOf("platform", diffUnchanged.title)),
  take: {
    platform: (lab) => npm(lab, ["deploy", "--yes"]),
    byHand: (lab) => terraformIn(lab, lab.byHand, ["apply", "-auto-approve"]),
    objects: (lab) =>
      withObjects(lab, (directory) => terraformIn(lab, directory, ["apply", "-auto-approve"])),
  },
};

function times(factor: number, seconds: number | undefined): number | undefined {
  return seconds && factor * seconds;
}
