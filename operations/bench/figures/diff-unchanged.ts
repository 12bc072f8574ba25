import type { Figure } from "../figure";
import { npm, planStacksAlone, terraformIn, withObjects } from "../sides";

/** With 20 and with 100 releases, in seconds. */
const most: { readonly [size: number]: number } = { 20: 3, 100: 8 };

export const diffUnchanged: Figure = {
  title: "diff, nothing differs",
  unit: "s",
  goal: (size, medianOf) => {
    const alone = medianOf("terraform");
    return most[size] ?? (alone && 1.3 * alone);
  },
  take: {
    platform: (lab) => npm(lab, ["diff"]),
    terraform: (lab) => planStacksAlone(lab),
    byHand: (lab) => terraformIn(lab, lab.byHand, ["plan", "-lock=false"]),
    objects: (lab) => withObjects(lab, (directory) => terraformIn(lab, directory, ["plan", "-lock=false"])),
  },
};
