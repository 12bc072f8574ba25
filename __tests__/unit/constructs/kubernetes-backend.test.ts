import { App, TerraformStack } from "cdktf";
import { KubernetesBackend } from "../../../constructs/kubernetes-backend";
import { temporaryDirectory } from "../sample-repository";
import { synthesizeStack } from "../synthesize";

const config = {
  secret_suffix: "llm-platform-test-sample",
  namespace: "terraform",
  config_path: "~/.kube/config",
  config_context: "minikube",
};

test("state in the cluster is bound to a context by name", () => {
  const { terraform } = synthesizeStack((stack) => new KubernetesBackend(stack, config));
  expect(terraform.backend).toMatchInlineSnapshot(`
{
  "kubernetes": {
    "config_context": "minikube",
    "config_path": "~/.kube/config",
    "namespace": "terraform",
    "secret_suffix": "llm-platform-test-sample",
  },
}
`);
});

test("fails where another stack would read the state", () => {
  const stack = new TerraformStack(new App({ outdir: temporaryDirectory() }), "sample");
  expect(() => new KubernetesBackend(stack, config).getRemoteStateDataSource()).toThrow(
    "the state of one stack is not read by another: pass plain strings",
  );
});
