import { Aspects, App, type IAspect } from "cdktf";
import { Release } from "@cdktf/provider-helm/lib/release";
import type { IConstruct } from "constructs";
import * as fs from "node:fs";
import * as path from "node:path";
import { platformRows } from "../../../operations/platform/platform-table";
import { rules } from "../../../policies/rules";
import { ruleNames } from "../../../settings/rule-names";
import { loadSettings } from "../../../applications/load-settings";
import { buildPlatform, checkPlatform } from "../../../stacks/platform";
import { failure } from "../failure";
import { repository, sampleRepository } from "../sample-repository";
import { synthesizePlatform } from "../synthesize-platform";

// That what is shipped goes through is what every other test of the stacks shows: none of them would synthesize.

test("what breaks rules in both stacks is told at once: where, what, and how it is switched off", () => {
  const sample = sampleRepository();
  sample.edit("values/ollama.yaml", "service:\n", "image: { tag: latest }\nservice:\n");
  const { root } = sample;
  const settings = loadSettings(root, { ENVIRONMENT: "minikube-cpu" });
  const app = new App({ outdir: path.join(root, "cdktf.out") });
  const [foundation] = buildPlatform(app, settings);
  foundation?.addOverride("resource.kubernetes_secret_v1.mine", { data: { TOKEN: "hunter2hunter2" } });
  const line = fs
    .readFileSync(path.join(root, "values/ollama.yaml"), "utf8")
    .split("\n")
    .findIndex((text) => text.includes("tag: latest"));
  expect(failure(() => app.synth())).toBe(
    [
      "construct foundation/kubernetes_secret_v1.mine: data: the Secret has values in it (TOKEN), which the synthesized output and the state then hold: " +
        "pass ephemeral variables to data_wo, as constructs/credentials-secret.ts does: they are in neither state nor plan (rule secret-values)",
      `values/ollama.yaml:${line + 1}: image.tag: found "latest", which is another image every day: name a version, or a digest (image@sha256:…) (rule latest-image)`,
      'fix it, or switch a rule off in environments/minikube-cpu.yaml with a reason, which every report shows: exemptions: { RULE: "REASON" }',
    ].join("\n"),
  );
});

test("an environment switches a rule off with a reason", () => {
  const sample = sampleRepository();
  sample.edit("values/ollama.yaml", "service:\n", "image: { tag: latest }\nservice:\n");
  sample.edit(
    "environments/minikube-cpu.yaml",
    "applications:",
    'exemptions: { latest-image: "a laptop that tries the day\'s build" }\napplications:',
  );
  expect(
    synthesizePlatform("minikube-cpu", { sample }).llmApps.resource?.helm_release?.ollama?.values[0],
  ).toMatchObject({
    image: { tag: "latest" },
  });
});

test("what another aspect changes is seen too", () => {
  const { root } = sampleRepository();
  const app = new App({ outdir: path.join(root, "cdktf.out") });
  const [, llmApps] = buildPlatform(app, loadSettings(root, { ENVIRONMENT: "sandbox" }));
  class Unpin implements IAspect {
    public visit(node: IConstruct): void {
      if (node instanceof Release) node.version = ">=1.0.0";
    }
  }
  if (llmApps) Aspects.of(llmApps).add(new Unpin());
  expect(failure(() => app.synth()).match(/\(rule unpinned-chart\)/g)).toHaveLength(2);
});

test("an image that the platform brings along is told by the setting that names another", () => {
  const sample = sampleRepository();
  const file = "environments/minikube-cpu.yaml";
  sample.edit(file, "applications:", "images: { digests: true }\napplications:");
  const told = (bucket: string) => {
    const backup = `    backup: { schedule: "@daily", s3: { ${bucket} } }\n`;
    sample.edit(file, "  librechat:\n", `  librechat:\n${backup}`);
    const settings = loadSettings(sample.root, { ENVIRONMENT: "minikube-cpu" });
    const lines = failure(() => checkPlatform(settings)).split("\n");
    sample.edit(file, backup, "");
    return lines.filter((line) => line.includes("(rule "));
  };
  const setting = `${file}: applications.librechat.backup.s3.image`;
  const lines = told("bucket: chat");
  expect(lines).toContainEqual(
    expect.stringMatching(
      `^${setting}: found "docker.io/rclone/rclone:[0-9.]+", and the environment demands`,
    ),
  );
  // Whatever is demanded can be changed in a file, and is told once.
  expect(lines.map((line) => line.split(":")[0])).toEqual([
    ...["values/ollama.yaml", "values/librechat.yaml", "values/librechat.yaml", "values/librechat.yaml"],
    file,
  ]);
  const another = told('bucket: chat, image: "acme/rclone:latest"');
  expect(another.filter((line) => line.startsWith(`${setting}: found "acme/rclone:latest"`))).toHaveLength(2);
  expect(told('bucket: chat, image: "acme/rclone@sha256:0"')).toEqual(lines.slice(0, -1));
});

test("every rule is one file of policies/, and is called like it", () => {
  expect(rules.map(({ name }) => name)).toEqual([...ruleNames]);
  for (const { name } of rules) {
    expect(fs.existsSync(path.join(repository, "policies", `${name}.ts`))).toBe(true);
  }
});

test("reports say which rules are off, and why", () => {
  const { root, edit } = sampleRepository();
  edit(
    "environments/sandbox.yaml",
    "applications:",
    "exemptions: { open-release: a network of one machine }\napplications:",
  );
  const rowsOf = (at: string) => platformRows(loadSettings(at, { ENVIRONMENT: "sandbox" }));
  expect(rowsOf(root)).toContainEqual([
    "rules",
    ["the rule open-release is switched off: a network of one machine"],
  ]);
  expect(Object.fromEntries(rowsOf(repository)).rules).toEqual([]);
});

test("the platform's table says what becomes of the data", () => {
  const storage = (environment: string) =>
    platformRows(loadSettings(repository, { ENVIRONMENT: environment })).find(
      ([heading]) => heading === "storage",
    );
  expect(storage("production")?.[1]).toContain("kept by npm run destroy");
  expect(storage("sandbox")?.[1]).toContain("deleted by npm run destroy");
});
