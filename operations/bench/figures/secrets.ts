import * as fs from "node:fs";
import * as path from "node:path";
import { sandboxEnvironment } from "../../sandbox/sandbox-environment";
import type { Figure } from "../figure";
import { statesOf } from "../sides";

export const secrets: Figure = {
  title: "credentials in the state",
  unit: "secrets",
  goal: () => 0,
  atMostRuns: 1,
  take: {
    platform: async (lab) => {
      const file = path.join(lab.root, `credentials/${sandboxEnvironment}.env`);
      const values = [...fs.readFileSync(file, "utf8").matchAll(/^export TF_VAR_\w+=(.+)$/gm)].map(
        ([, value = ""]) => value,
      );
      const text = statesOf(lab)
        .platform.map((state) => fs.readFileSync(state, "utf8"))
        .join();
      return values.filter((value) => text.includes(value)).length;
    },
  },
};
