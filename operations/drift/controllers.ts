import { type FieldPath, fieldOwner } from "../cluster/field-owner";
import type { KubernetesObject } from "../cluster/kubernetes-object";

/**
 * Programs that set fields because somebody deployed them to do so: Kubernetes' own, autoscalers, operators. People's are
 * `kubectl`, `helm`, `k9s` and the like; what is not known counts as a person's.
 */
const controller =
  /^(kube-controller-manager|kube-scheduler|kubelet|cloud-controller-manager|cluster-autoscaler|.*-(controller|controller-manager|operator|autoscaler|autoscaling|updater|recommender|injector|cainjector))$|^(keda|cert-manager|vpa|external-secrets|karpenter)\b/i;

/** Whether a controller owns a field, by the API server's own record of who set it. */
export function ownedByController(live: KubernetesObject, path: FieldPath): boolean {
  const owner = fieldOwner(live, path);
  return owner !== undefined && isController(owner.manager);
}

/** Whether a program is a controller, by the name under which it sets fields. */
export function isController(manager: string): boolean {
  return controller.test(manager);
}
