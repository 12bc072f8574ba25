import * as fs from "node:fs";
import * as path from "node:path";
import { Helm } from "../../../../operations/helm/helm";
import { renderRelease } from "../../../../operations/diff/render-release";
import { kubernetesVersion } from "../../../../operations/sandbox/components";
import { temporaryDirectory } from "../../sample-repository";

/** A Helm that answers with a manifest of what it was asked. */
function helm(): string {
  const file = path.join(temporaryDirectory(), "helm");
  const script = [
    "#!/bin/sh",
    "while read -r line; do :; done",
    "echo kind: ConfigMap",
    "echo metadata: {name: a}",
    'echo "data: {asked: $*}"',
  ];
  fs.writeFileSync(file, `${script.join("\n")}\n`, { mode: 0o755 });
  return file;
}

test("without a cluster a chart is rendered for the sandbox's Kubernetes, whatever Helm claims by itself", async () => {
  const cluster = { kubeconfig: "kubeconfig", context: "sandbox", recordsNamespace: "a" };
  const directory = temporaryDirectory();
  const release = {
    ...{ address: "helm_release.a", name: "a", namespace: "a", chart: "a", version: "1.0.0" },
    ...{ values: {}, leftOut: [] },
  };
  const rendered = await renderRelease(new Helm(helm(), {}, directory, { cluster }), release, {
    directory,
    upgrade: false,
  });
  expect(JSON.stringify(rendered)).toContain(` --kube-version ${kubernetesVersion()}`);
});
