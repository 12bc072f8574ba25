import type { Figure } from "../figure";

export const memory: Figure = {
  title: "memory of diff, all processes",
  unit: "MB",
  goal: (size) => (size === 100 ? 400 : undefined),
  // Of the run that was measured before it.
  take: { platform: async ({ last }) => last.get("diff")?.peakMb },
};
