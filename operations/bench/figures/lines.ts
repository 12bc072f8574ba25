import * as fs from "node:fs";
import * as path from "node:path";
import type { Figure } from "../figure";

/** Its import and its name in the registry, three of the lock of charts, and one of the environment. */
const elsewhere = 6;

export const lines: Figure = {
  title: "lines for one application, values aside",
  unit: "lines",
  atMostRuns: 1,
  take: {
    platform: async ({ root }) => {
      const text = fs.readFileSync(path.join(root, "__tests__/fixtures/applications/echo.ts"), "utf8");
      return (/<lines>\n([\s\S]*)\n\/\/ <\/lines>/.exec(text)?.[1] ?? "").split("\n").length + elsewhere;
    },
    byHand: async ({ linesByHand }) => linesByHand,
  },
};
