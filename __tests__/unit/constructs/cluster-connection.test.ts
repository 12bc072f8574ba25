import { HelmProvider } from "@cdktf/provider-helm/lib/provider";
import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { connectHelm, connectKubernetes } from "../../../constructs/cluster-connection";
import { environmentSchema } from "../../../settings/environment";
import { synthesizeStack } from "../synthesize";

function connected(kubeconfig: string, versions: { readonly kubernetes: string; readonly helm: string }) {
  return synthesizeStack((stack, root) => {
    const cluster = { root, kubeconfig, context: "minikube" };
    connectKubernetes(stack, cluster, versions.kubernetes);
    connectHelm(stack, cluster, versions.helm);
  });
}

const providers = (kubeconfig: string) =>
  connected(kubeconfig, { kubernetes: "3.2.1", helm: "3.1.2" }).provider;

test("the providers are those that the environment says, and by default those of the bindings", () => {
  expect(connected("x", { kubernetes: "3.2.1", helm: "3.1.2" }).terraform.required_providers).toEqual({
    kubernetes: { source: "kubernetes", version: "3.2.1" },
    helm: { source: "helm", version: "3.1.2" },
  });
  const { required_providers: ofBindings } = synthesizeStack((stack) => {
    new KubernetesProvider(stack, "kubernetes");
    new HelmProvider(stack, "helm");
  }).terraform;
  const { providers: versions } = environmentSchema.parse({
    cluster: { context: "x" },
    applications: { ollama: {} },
  });
  expect(connected("x", versions).terraform.required_providers).toEqual(ofBindings);
});

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
