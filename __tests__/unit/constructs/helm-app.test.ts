import { DataKubernetesNamespaceV1 } from "@cdktf/provider-kubernetes/lib/data-kubernetes-namespace-v1";
import * as fs from "node:fs";
import * as path from "node:path";
import { revisionOf } from "../../../constructs/credentials-revision";
import { HelmApp, type HelmAppProps } from "../../../constructs/helm-app";
import { temporaryDirectory } from "../sample-repository";
import { synthesizeStack } from "../synthesize";

/** The sample chart has no contract. */
const check = (): void => undefined;
const chart = { name: "sample", repository: "https://charts.test", version: "1.2.3" };

function release(more: Partial<HelmAppProps> = {}) {
  return synthesizeStack((stack) => new HelmApp(stack, "sample", { chart, check, values: {}, ...more }))
    .resource?.helm_release?.sample;
}

test("a release looks like this", () => {
  const { resource } = synthesizeStack((stack) => {
    new HelmApp(stack, "sample", {
      chart,
      check,
      values: { replicas: 2, text: "a ${b}" },
      restartOn: [{ revision: revisionOf(stack, "sample_api"), podAnnotations: "podAnnotations" }],
    });
  });
  expect(resource).toMatchSnapshot();
});

test("the release and its namespace have the chart's name unless they are given one", () => {
  expect(release()).toMatchObject({ name: "sample", namespace: "sample", chart: "sample" });
  expect(release({ release: "mine" })).toMatchObject({ name: "mine", namespace: "mine" });
  expect(release({ release: "mine", namespace: "ours" })).toMatchObject({ name: "mine", namespace: "ours" });
});

test("a release is waited for, taken back where it exists, and its history is bounded", () => {
  expect(release()).toMatchObject({
    version: "1.2.3",
    wait: true,
    timeout: 600,
    timeouts: { create: "660s", update: "660s", delete: "660s" },
    max_history: 10,
    upgrade_install: true,
    create_namespace: false,
  });
  expect(release()).not.toHaveProperty("atomic");
});

test("a longer wait has longer limits", () => {
  expect(release({ timeoutSeconds: 1800 })).toMatchObject({
    timeout: 1800,
    timeouts: { create: "1860s", update: "1860s", delete: "1860s" },
  });
});

test("a release depends on the proof that the cluster is there, and on what it is told to", () => {
  const { resource } = synthesizeStack((stack) => {
    const other = new DataKubernetesNamespaceV1(stack, "other", { metadata: { name: "other" } });
    new HelmApp(stack, "sample", { chart, check, values: {}, dependsOn: [other] });
  });
  expect(resource?.helm_release?.sample?.depends_on).toEqual([
    "data.kubernetes_namespace_v1.reachable",
    "data.kubernetes_namespace_v1.other",
  ]);
});

test("a release can come after another", () => {
  const { resource } = synthesizeStack((stack) => {
    const first = new HelmApp(stack, "first", { chart, check, values: {}, release: "first" });
    new HelmApp(stack, "second-one", { chart, check, values: {}, release: "second", dependsOn: [first] });
  });
  expect(resource?.helm_release?.["second-one"]?.depends_on).toContain("helm_release.first");
});

test("a chart package is copied beside the configuration and named from there", () => {
  const file = path.join(temporaryDirectory(), "sample-1.2.3.tgz");
  fs.writeFileSync(file, "a package");
  const packaged = release({ chart: { ...chart, package: file } });
  expect(packaged?.chart).toMatch(/^\.\/assets\/.*\/sample-1\.2\.3\.tgz$/);
  expect(packaged).toMatchObject({ version: "1.2.3" });
  expect(packaged).not.toHaveProperty("repository");
});
