import * as path from "node:path";
import type { Figure } from "../figure";
import { measuredRun } from "../measured-run";

export const cdktfSynth: Figure = {
  title: "npx cdktf synth",
  unit: "s",
  atMostRuns: 3,
  take: {
    platform: async (lab) => {
      const program = path.join("node_modules", "cdktf-cli", "bundle", "bin", "cdktf.js");
      const variables = { ...lab.variables, CI: "1", CHECKPOINT_DISABLE: "1", DISABLE_VERSION_CHECK: "1" };
      // In a folder of its own: the commands keep theirs.
      const command = [process.execPath, program, "synth", "--output", "cdktf.out/bench"];
      return (await measuredRun({ ...lab, variables }, command)).seconds;
    },
  },
};
