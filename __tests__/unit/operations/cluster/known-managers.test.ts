import { isController, isDeployer } from "../../../../operations/cluster/known-managers";

test("controllers and deployers are told from people's tools, and what is not known is a person's", () => {
  const known = ["kube-controller-manager", "keda-operator", "vpa-updater", "cert-manager-cainjector"];
  expect(known.filter((name) => !isController(name))).toEqual([]);
  const ours = ["Helm", "helm", "terraform-provider-helm_v3.1.1_x5", "HashiCorp", "llm-platform"];
  expect(ours.filter((name) => !isDeployer(name))).toEqual([]);
  // Terraform is how its resources kubernetes_labels and kubernetes_annotations call themselves.
  const people = ["kubectl", "kubectl-edit", "Terraform", "k9s", "curl", "Mozilla", "myhelm", "kubelet2"];
  expect(people.filter((name) => isController(name) || isDeployer(name))).toEqual([]);
});
