import { sandboxEnvironment } from "../../sandbox/sandbox-environment";
import * as fs from "node:fs";
import * as path from "node:path";
import { outputDirectory, synthesize } from "../../terraform/cdktf";
import type { Figure } from "../figure";

/** Seconds that each release may add. */
const perRelease = 0.005;

export const synth: Figure = {
  title: "synth of both stacks",
  unit: "s",
  goal: (size) => 0.5 + perRelease * (size - 2),
  take: {
    platform: async ({ root, variables }) => {
      // In a folder of its own, and anew: what was synthesized before would stay.
      const output = outputDirectory("synth", variables);
      fs.rmSync(path.resolve(root, output, "synthesis.json"), { force: true });
      const context = { root, environment: { name: sandboxEnvironment }, variables, output };
      const began = performance.now();
      await synthesize(context);
      return (performance.now() - began) / 1000;
    },
  },
};
