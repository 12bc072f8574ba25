import { App, TerraformStack } from "cdktf";
import * as fs from "node:fs";
import * as path from "node:path";
import { connectKubernetes } from "../../../constructs/cluster-connection";
import { setBackend } from "../../../constructs/state-backend";
import type { State } from "../../../settings/environment";
import { prepareWorkingDirectory } from "../../../stacks/working-directory";
import { temporaryDirectory } from "../sample-repository";

const registry = "registry.terraform.io";
const lock = (provider: string, { version = "1.0.0", host = registry } = {}) =>
  `provider "${host}/hashicorp/${provider}" {\n  version = "${version}"\n  hashes = [\n    "h1:x",\n  ]\n}\n`;

/** A synthesized stack with the Kubernetes provider alone, in a repository of its own. */
function synthesized(state: State = { backend: "local" }) {
  const root = temporaryDirectory();
  const app = new App({ outdir: path.join(root, "cdktf.out") });
  const stack = new TerraformStack(app, "sample");
  const cluster = { root, kubeconfig: "~/.kube/config", context: "minikube" };
  connectKubernetes(stack, cluster, "1.0.0");
  setBackend(stack, { environment: "test", state, cluster });
  app.synth();
  const directory = path.join(app.outdir, "stacks", "sample");
  return { root, stack, directory, lockFile: path.join(directory, ".terraform.lock.hcl") };
}

/** What Terraform remembers of the last backend, and whether it still does after the next synth. */
function isRemembered(backend: { type: string; config: { [key: string]: unknown } }, state?: State): boolean {
  const { root, stack, directory } = synthesized(state);
  const file = path.join(directory, ".terraform", "terraform.tfstate");
  fs.mkdirSync(path.dirname(file));
  fs.writeFileSync(file, JSON.stringify({ version: 3, backend: { ...backend, hash: 1 } }));
  prepareWorkingDirectory(root, stack, registry);
  return fs.existsSync(file);
}

test("a stack is locked to its own providers of those that the repository locks", () => {
  const { root, stack, lockFile } = synthesized();
  const others = [
    lock("kubernetes", { version: "0.9.0" }),
    lock("kubernetes", { host: "registry.opentofu.org" }),
  ];
  fs.writeFileSync(
    path.join(root, ".terraform.lock.hcl"),
    ["# why\n", lock("helm"), ...others, lock("kubernetes")].join("\n"),
  );
  prepareWorkingDirectory(root, stack, registry);
  expect(fs.readFileSync(lockFile, "utf8")).toBe(lock("kubernetes"));
});

test("a provider whose checksums the repository does not have is locked to its version, in the registry of the engine", () => {
  const { root, stack, lockFile } = synthesized();
  fs.writeFileSync(path.join(root, ".terraform.lock.hcl"), lock("kubernetes"));
  prepareWorkingDirectory(root, stack, "registry.opentofu.org");
  expect(fs.readFileSync(lockFile, "utf8")).toBe(
    'provider "registry.opentofu.org/hashicorp/kubernetes" {\n  version     = "1.0.0"\n  constraints = "1.0.0"\n}\n',
  );
});

test("Terraform remembers the backend while it is the same", () => {
  const path = "../../../state/test/sample.tfstate";
  expect(isRemembered({ type: "local", config: { path, workspace_dir: null } })).toBe(true);
});

test.each([
  ["another environment's file", { type: "local", config: { path: "../../../state/other/sample.tfstate" } }],
  ["another kind of backend", { type: "s3", config: { bucket: "states" } }],
])("Terraform forgets %s, whose state it would offer to copy over this one", (_what, backend) => {
  expect(isRemembered(backend)).toBe(false);
});
