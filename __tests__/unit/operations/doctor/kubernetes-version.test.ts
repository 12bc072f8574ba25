import { kubernetesVersionCheck } from "../../../../operations/doctor/kubernetes-version";

const result = (version: string, kubeVersion?: string): string =>
  kubernetesVersionCheck(version, [{ chart: "sample", kubeVersion }]).result;

test.each([
  ["v1.35.4", "^1.16.0-0", "ok"],
  ["v1.15.9", "^1.16.0-0", "failed"],
  ["v1.35.4", ">=1.30.0-0", "ok"],
  ["v1.29.9", ">=1.30.0-0", "failed"],
  ["v1.35.4", ">= 1.30.0, < 1.35.0", "failed"],
  ["v1.35.4", undefined, "ok"],
  // As Helm has it: a suffix is in a range with a suffix alone.
  ["v1.31.2-gke.100", ">=1.30.0-0", "ok"],
  ["v1.31.2-gke.100", ">=1.30.0", "failed"],
  ["v1.33.1+k3s1", ">=1.30.0", "ok"],
  // What cannot be read here is left to Helm.
  ["v1.35.4", "whatever", "ok"],
])("%s in the range %s: %s", (version, range, expected) => {
  expect(result(version, range)).toBe(expected);
});

test("names the chart and its range, and the command that gets another version", () => {
  expect(kubernetesVersionCheck("v1.15.0", [{ chart: "ollama", kubeVersion: "^1.16.0-0" }])).toMatchObject({
    found: "v1.15.0, and the chart ollama asks for ^1.16.0-0",
    fix: expect.stringContaining("npm run charts -- update ollama"),
  });
});

test("names a chart once, however many releases it has", () => {
  const ollama = { chart: "ollama", kubeVersion: "^1.16.0-0" };
  expect(kubernetesVersionCheck("v1.35.4", [ollama, ollama])).toMatchObject({
    found: "v1.35.4 (ollama asks for ^1.16.0-0)",
  });
});
