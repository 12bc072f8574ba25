import { App } from "cdktf";
import * as path from "node:path";
import { loadEnvironment } from "../../../applications/load-environment";
import { loadSettings } from "../../../applications/load-settings";
import { buildPlatform } from "../../../stacks/platform";
import { failure } from "../failure";
import { sampleRepository } from "../sample-repository";

/** A sample repository whose environment minikube has another Ollama of this name. */
function withAnother(name: string): string {
  const sample = sampleRepository();
  const another = `  ${name}: { application: ollama, models: [tiny], gpu: { count: 0 } }\n`;
  sample.edit("environments/minikube.yaml", "applications:\n", `applications:\n${another}`);
  return sample.root;
}

test.each(["1small", `a${"b".repeat(53)}`, "Small"])("a release cannot be called %s", (name) => {
  expect(failure(() => loadEnvironment(withAnother(name), "minikube"))).toContain(
    "expected a name of lower-case letters, digits and - that begins with a letter, at most 53",
  );
});

test.each(["ollama-models", "model-server"])(
  "a release called %s, which is a resource's name, fails in words",
  (name) => {
    const root = withAnother(name);
    const settings = loadSettings(root, {});
    const app = new App({ outdir: path.join(root, "cdktf.out") });
    expect(failure(() => buildPlatform(app, settings))).toMatch(
      /^environments\/minikube\.yaml: applications: the name or the namespace of a release is, or begins, that of a resource which another part has: .+: give that release another$/,
    );
  },
);
