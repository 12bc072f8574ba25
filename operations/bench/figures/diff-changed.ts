import * as fs from "node:fs";
import * as path from "node:path";
import { releasesOf } from "../../../applications/releases";
import { OperationError } from "../../errors/operation-error";
import type { Figure } from "../figure";
import type { Lab } from "../lab";
import { npm, terraformIn } from "../sides";

export const diffChanged: Figure = {
  title: "diff, one value changed",
  unit: "s",
  take: {
    platform: async (lab) => {
      const taken = await withMoreReplicas(lab, path.join(lab.root, "values"), async () => {
        const seconds = await npm(lab, ["diff", "--json"], [2]);
        const { resources } = JSON.parse(lab.last.get("diff")?.stdout ?? "") as {
          resources: { address: string }[];
        };
        if (resources.length === 1) return seconds;
        const found = resources.map(({ address }) => address).join(", ");
        throw new OperationError(
          `one value was changed, and ${resources.length} resources change: ${found || "none"}`,
        );
      });
      // What others find synthesized is the platform as it was.
      await npm(lab, ["synth"]);
      return taken;
    },
    byHand: (lab) =>
      withMoreReplicas(lab, path.join(lab.byHand, "values"), () =>
        terraformIn(lab, lab.byHand, ["plan", "-lock=false"]),
      ),
  },
};

/** Does work while the first release is to have another pod, which every chart takes. @param folder of its values, absolute */
async function withMoreReplicas(
  { environment }: Lab,
  folder: string,
  work: () => Promise<number>,
): Promise<number> {
  const [first] = releasesOf(environment);
  const file = path.join(folder, `${first?.name}.yaml`);
  const whole = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, `${whole.replace(/^replicaCount: .*\n/m, "")}\nreplicaCount: 2\n`);
  try {
    return await work();
  } finally {
    fs.writeFileSync(file, whole);
  }
}
