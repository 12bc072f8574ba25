import { loadSettings } from "../../../applications/load-settings";
import { failure } from "../failure";
import { sampleRepository } from "../sample-repository";

const reads =
  "(read are values/NAME.yaml and values/NAME.ENVIRONMENT.yaml, NAME being a release or its application)";

test.each([
  ["olama.yaml", "did you mean values/ollama.yaml?"],
  ["ollama.minikub.yaml", "did you mean values/ollama.minikube.yaml?"],
  ["ollama.yml", "did you mean values/ollama.yaml?"],
  ["smal.yaml", "did you mean values/small.yaml?"],
  ["small.minikube.yaml", "did you mean values/ollama.minikube.yaml?"],
  ["somebody-else.yaml", "remove it"],
])("fails on values/%s, which no release reads", (name, right) => {
  const sample = sampleRepository();
  const small = "  small: { application: ollama, models: [tiny], gpu: { count: 0 }, installed: false }\n";
  sample.edit("environments/sandbox.yaml", "  librechat:\n", `${small}  librechat:\n`);
  sample.write("values/small.yaml", "");
  sample.write("values/small.sandbox.yaml", "");
  sample.write(`values/${name}`, "");
  expect(failure(() => loadSettings(sample.root, {}))).toBe(
    `values/${name}: no release of any environment reads it, ${right} ${reads}`,
  );
});
