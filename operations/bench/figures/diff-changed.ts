import * as fs from "node:fs";
import * as path from "node:path";
import { OperationError } from "../../errors/operation-error";
import type { Figure } from "../figure";
import type { Lab } from "../lab";
import { npm, terraformIn } from "../sides";

export const diffChanged: Figure = {
  title: "diff, one value changed",
  unit: "s",
  take: {
    platform: (lab) =>
      withText(lab, "values/ollama.yaml", "\nreplicaCount: 2\n", async () => {
        const seconds = await npm(lab, ["diff", "--json"], [2]);
        const { resources } = JSON.parse(lab.last.get("diff")?.stdout ?? "") as {
          resources: { address: string }[];
        };
        if (resources.length === 1) return seconds;
        const found = resources.map(({ address }) => address).join(", ");
        throw new OperationError(
          `one value was changed, and ${resources.length} resources change: ${found || "none"}`,
        );
      }),
    byHand: (lab) =>
      withText(lab, "by-hand/values/ollama.yaml", "\nreplicaCount: 2\n", () =>
        terraformIn(lab, lab.byHand, ["plan", "-lock=false"]),
      ),
  },
};

/** Does work while a file has more than it had. */
async function withText(
  { root }: Lab,
  name: string,
  more: string,
  work: () => Promise<number>,
): Promise<number> {
  const file = path.join(root, name);
  const whole = fs.readFileSync(file, "utf8");
  fs.writeFileSync(file, `${whole.replace(/^replicaCount: .*\n/m, "")}${more}`);
  try {
    return await work();
  } finally {
    fs.writeFileSync(file, whole);
  }
}
