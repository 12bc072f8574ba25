import * as fs from "node:fs";
import * as path from "node:path";
import { writeByHand } from "../../operations/bench/by-hand";
import { copyRepository } from "../../operations/bench/bench";
import { prepareLab } from "../../operations/bench/lab";
import { synthesized } from "../../operations/bench/synthesized";
import { findHelm, Helm } from "../../operations/helm/helm";
import { renderRelease } from "../../operations/diff/render-release";
import { fieldAt } from "../../operations/cluster/kubernetes-object";
import { interruptible } from "../../operations/terminal/interruption";
import { synthesize } from "../../operations/terraform/cdktf";
import { repository, temporaryDirectory } from "../unit/sample-repository";

jest.setTimeout(300_000);

test("a lab of the bench has as many releases as asked for, of pods that Pod Security lets in", async () => {
  const root = path.join(temporaryDirectory(), "clone");
  copyRepository(repository, root);
  const lab = await interruptible(
    () => undefined,
    (interruption) =>
      prepareLab({ root, interruption, variables: { ...process.env, ENVIRONMENT: "sandbox" } }, 3),
  );
  await synthesize(lab);
  const platform = synthesized(lab);
  const [added] = platform.releases;
  expect(platform.releases.map(({ name }) => name)).toEqual(["echo-000", "librechat", "ollama"]);
  const helm = new Helm(findHelm(lab.variables), lab.variables, root, lab.environment);
  const objects =
    added && (await renderRelease(helm, added, { directory: platform.directory, upgrade: false }));
  const deployment = objects?.find(({ kind }) => kind === "Deployment");
  expect(fieldAt(deployment, "spec", "template", "spec", "containers", 0, "securityContext")).toMatchObject({
    runAsNonRoot: true,
    allowPrivilegeEscalation: false,
  });
  const { environment, byHand: directory } = lab;
  const by = {
    kubeconfig: "kubeconfig",
    context: "sandbox",
    versions: environment.providers,
    prefix: "by-hand-",
  };
  expect(writeByHand({ ...by, directory, platform })).toBeGreaterThan(5);
  expect(fs.readFileSync(path.join(directory, "main.tf"), "utf8")).toContain(
    'resource "helm_release" "echo-000"',
  );
});
