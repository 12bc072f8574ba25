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

test("what runs, what is reached and what is allowed is no controller's, whatever it calls itself", () => {
  const decisive = [
    "spec.template.spec.hostNetwork",
    "spec.jobTemplate.spec.template.spec.containers.0.env",
    "spec.externalIPs",
    "spec.ingress.0",
    "subjects.1",
  ];
  const others = [
    "spec.replicas",
    "metadata.annotations.x",
    "spec.template.metadata.annotations.x",
    "data.x",
  ];
  const [theirs, not] = [decisive, others].map((paths) =>
    paths.filter((path) => isController("kube-controller-manager", path.split("."))),
  );
  expect(theirs).toEqual([]);
  expect(not).toEqual(others);
});
