import type { Figure } from "../figure";
import { npm, terraformIn, withObjects } from "../sides";

/** Of a platform that is taken away first, with its data. */
export const deployFirst: Figure = {
  title: "first deploy",
  unit: "s",
  goal: (size) => (size === 20 ? 12 : undefined),
  atMostRuns: 1,
  take: {
    platform: async (lab) => {
      await npm(lab, ["destroy", "--yes"]);
      return npm(lab, ["deploy", "--yes"]);
    },
    byHand: async (lab) => {
      await terraformIn(lab, lab.byHand, ["destroy", "-auto-approve"]);
      return terraformIn(lab, lab.byHand, ["apply", "-auto-approve"]);
    },
    objects: (lab) =>
      withObjects(lab, async (directory) => {
        await terraformIn(lab, directory, ["destroy", "-auto-approve"]);
        return terraformIn(lab, directory, ["apply", "-auto-approve"]);
      }),
  },
};
