import { pinnedChart } from "../../../../settings/chart-lock";
import * as fs from "node:fs";
import * as path from "node:path";
import { writeByHand } from "../../../../operations/bench/by-hand";
import { releaseCheck } from "../../../../contracts/check-values";
import { loadSettings } from "../../../../applications/load-settings";
import { mergeValues } from "../../../../settings/values";
import { readYamlFile } from "../../../../settings/yaml-file";
import { repository, temporaryDirectory } from "../../sample-repository";

function written(): string {
  const directory = path.join(temporaryDirectory(), "by-hand");
  writeByHand(directory, repository);
  return directory;
}

describe("the same releases written by hand", () => {
  it("take the charts of the lock and the cluster of the sandbox", () => {
    const { charts, ...cluster } = JSON.parse(
      fs.readFileSync(path.join(written(), "terraform.tfvars.json"), "utf8"),
    );
    const { version, repository: from } = loadSettings(repository, {}).charts.ollama!;
    expect(charts.ollama).toEqual({ chart: "ollama", version, repository: from });
    expect(cluster).toEqual({
      kubeconfig: path.join(repository, ".sandbox", "kubeconfig"),
      context: "sandbox",
    });
  });

  it.each(["ollama", "librechat"])(
    "give %s values that its chart knows, with the repository's comments",
    (name) => {
      const directory = written();
      const files = [`values/${name}.yaml`, `${name}.environment.yaml`];
      const values = mergeValues(files.map((file) => readYamlFile(directory, file)));
      const settings = loadSettings(repository, { ENVIRONMENT: "sandbox" });
      expect(() => releaseCheck(settings, name, pinnedChart(settings.charts, name))(values)).not.toThrow();
      expect(fs.readFileSync(path.join(directory, files[0]!), "utf8")).toContain("#");
    },
  );

  it("have other namespaces, so that they disturb nothing that is deployed", () => {
    const hcl = fs.readFileSync(path.join(written(), "main.tf"), "utf8");
    expect([...hcl.matchAll(/^ +name = "(.*)"$/gm)].map(([, name]) => name)).toEqual([
      "ollama-by-hand",
      "librechat-by-hand",
    ]);
  });
});
