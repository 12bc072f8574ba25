import type { Figure } from "../figure";
import { npm } from "../sides";

export const doctor: Figure = {
  title: "doctor",
  unit: "s",
  goal: (size) => (size === 2 ? 3 : undefined),
  take: { platform: (lab) => npm(lab, ["doctor"], [0, 1]) },
};
