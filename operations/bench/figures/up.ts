import type { Figure } from "../figure";

export const up: Figure = {
  title: "npm run up, with its programs there",
  unit: "s",
  goal: (size) => (size === 2 ? 30 : undefined),
  atMostRuns: 1,
  // Of the run that the others are measured on.
  take: { platform: async ({ last }) => last.get("up")?.seconds },
};
