/**
 * Programs that set fields because somebody deployed them to do so: Kubernetes' own, autoscalers, operators. People's are
 * `kubectl`, `helm`, `k9s` and the like; what is not known counts as a person's.
 */
const controller =
  /^(kube-controller-manager|kube-scheduler|kubelet|cloud-controller-manager|cluster-autoscaler|.*-(controller|controller-manager|operator|autoscaler|autoscaling|updater|recommender|injector|cainjector))$|^(keda|cert-manager|vpa|external-secrets|karpenter)\b/i;

/** Whether a program is a controller, by the name under which it sets fields. */
export function isController(manager = ""): boolean {
  return controller.test(manager);
}
