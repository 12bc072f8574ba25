import * as fs from "node:fs";
import * as path from "node:path";
import { upgradeChart } from "../../../../operations/charts/upgrade-chart";
import { findHelm } from "../../../../operations/helm/helm";
import { sampleRepository, temporaryDirectory } from "../../sample-repository";

test("fails to fetch a chart where there is no helm, and changes nothing", async () => {
  const sample = sampleRepository();
  const lock = path.join(sample.root, "charts/lock.yaml");
  const before = fs.readFileSync(lock, "utf8");
  const context = {
    root: sample.root,
    environment: "minikube",
    helm: () => findHelm({ HOME: temporaryDirectory(), PATH: "" }),
    json: false,
    print: () => undefined,
  };
  await expect(upgradeChart(context, "ollama", "1.78.0")).rejects.toThrow("helm is not on PATH");
  expect(fs.readFileSync(lock, "utf8")).toBe(before);
});
