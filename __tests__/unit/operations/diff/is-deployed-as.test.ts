import { isDeployedAs } from "../../../../operations/diff/is-deployed-as";
import type { PlannedRelease } from "../../../../operations/diff/planned-release";
import { revisions, type SampleRevision } from "../releases/releases";

const values = { models: ["tiny"], replicas: 1, nested: { a: true, b: null } };

const planned: PlannedRelease = {
  ...{ address: "helm_release.ollama", name: "ollama", namespace: "ollama", version: "1.77.0" },
  ...{ chart: "./assets/ollama/ABC/ollama-1.77.0.tgz", values, leftOut: [] },
};
const deployed: SampleRevision = { revision: 3, status: "deployed", values };

test("a release is deployed as planned where Terraform deployed the same chart with the same values", () => {
  expect(isDeployedAs(revisions(deployed)[0], planned)).toBe(true);
  const reordered = { nested: { b: null, a: true }, replicas: 1, models: ["tiny"] };
  expect(isDeployedAs(revisions(deployed)[0], { ...planned, values: reordered })).toBe(true);
});

test.each<[what: string, revision: Partial<SampleRevision>, plan: Partial<PlannedRelease>]>([
  ["a value differs", {}, { values: { ...values, replicas: 2 } }],
  ["a value has come", {}, { values: { ...values, more: "" } }],
  ["a value has gone", {}, { values: { models: ["tiny"] } }],
  ["the chart's version differs", {}, { version: "1.78.0" }],
  ["it is another chart", {}, { chart: "chat", version: "1.77.0" }],
  ["a setting of Terraform changes its manifests", {}, { leftOut: ["postrender"] }],
  ["its last revision failed", { status: "failed" }, {}],
  ["its last revision hangs", { status: "pending-upgrade" }, {}],
  ["somebody deployed it with Helm", { madeBy: "Helm" }, {}],
])("it is not where %s", (_what, revision, plan) => {
  expect(isDeployedAs(revisions({ ...deployed, ...revision })[0], { ...planned, ...plan })).toBe(false);
});
