import { loadSettings } from "../../../../applications/load-settings";
import { dueHandOvers } from "../../../../operations/diff/due-hand-overs";
import type { PlannedResource } from "../../../../operations/diff/resource-changes";
import { repository, sampleRepository } from "../../sample-repository";

function namespace(name: string, before: string | undefined, after: string): PlannedResource {
  const labelled = (level: string) => ({
    metadata: [{ name, labels: { "pod-security.kubernetes.io/enforce": level } }],
  });
  return {
    stack: "foundation",
    address: `kubernetes_namespace_v1.${name}`,
    type: "kubernetes_namespace_v1",
    action: "change",
    ...(before !== undefined && { before: labelled(before) }),
    after: labelled(after),
  };
}

const { environment } = loadSettings(repository, {});

test("what root wrote is handed over once: before its namespace is closed to root", () => {
  const due = { release: "ollama", namespace: "ollama", claim: "models", user: 1000 };
  expect(dueHandOvers(environment, [namespace("ollama", "baseline", "restricted")])).toEqual([due]);
  expect(dueHandOvers(environment, [namespace("ollama", "restricted", "restricted")])).toEqual([]);
  expect(dueHandOvers(environment, [namespace("ollama", undefined, "restricted")])).toEqual([]);
  expect(dueHandOvers(environment, [namespace("librechat", "baseline", "restricted")])).toEqual([]);
});

test("what stays root's is not handed over", () => {
  const withSetting = (setting: string) => {
    const sample = sampleRepository();
    sample.edit("environments/minikube.yaml", "    gpu:\n", `    ${setting}\n    gpu:\n`);
    return loadSettings(sample.root, {}).environment;
  };
  const closing = [namespace("ollama", "baseline", "restricted")];
  expect(dueHandOvers(withSetting("podSecurityBaseline: the GPU is open to root alone"), closing)).toEqual(
    [],
  );
});
