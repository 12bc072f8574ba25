import { connectHelm, connectKubernetes } from "../../../constructs/cluster-connection";
import { synthesizeStack } from "../synthesize";

function providers(kubeconfig: string) {
  return synthesizeStack((stack, root) => {
    const cluster = { root, kubeconfig, context: "minikube" };
    connectKubernetes(stack, cluster);
    connectHelm(stack, cluster);
  }).provider;
}

test("both providers are bound to the same context by name", () => {
  expect(providers("~/.kube/config")).toMatchInlineSnapshot(`
{
  "helm": [
    {
      "kubernetes": {
        "config_context": "minikube",
        "config_path": "~/.kube/config",
      },
    },
  ],
  "kubernetes": [
    {
      "config_context": "minikube",
      "config_path": "~/.kube/config",
    },
  ],
}
`);
});

test("a kubeconfig in the repository is named from where Terraform runs", () => {
  expect(providers(".sandbox/kubeconfig")).toMatchObject({
    kubernetes: [{ config_path: "../../../.sandbox/kubeconfig" }],
    helm: [{ kubernetes: { config_path: "../../../.sandbox/kubeconfig" } }],
  });
});

test("an absolute kubeconfig is left as it is", () => {
  expect(providers("/etc/kubeconfig")).toMatchObject({ kubernetes: [{ config_path: "/etc/kubeconfig" }] });
});
