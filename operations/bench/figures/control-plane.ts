import type { Figure } from "../figure";

export const controlPlane: Figure = {
  title: "the sandbox, without its model server",
  unit: "MB",
  goal: (size) => (size === 2 ? 900 : undefined),
  atMostRuns: 1,
  take: { platform: async ({ controlPlaneMb }) => controlPlaneMb },
};
