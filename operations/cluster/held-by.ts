import type { V1ObjectMeta } from "@kubernetes/client-node";
import type { NotReadyFinding } from "./not-ready-reason";

/** Finalizers of Kubernetes itself, and what they wait for. */
const own: { readonly [finalizer: string]: string | undefined } = {
  "kubernetes.io/pvc-protection": "pods that still mount it",
  "kubernetes.io/pv-protection": "the claim that is bound to it",
  foregroundDeletion: "what it owns",
  "service.kubernetes.io/load-balancer-cleanup": "the load balancer that its cloud's controller takes away",
};

/**
 * What keeps an object that was deleted; undefined where nothing has to be done before it is gone.
 *
 * @param kind as kubectl takes it, such as `pod`
 */
export function heldBy(
  kind: string,
  { namespace, name, finalizers = [] }: V1ObjectMeta = {},
): Pick<NotReadyFinding, "detail" | "next"> | undefined {
  if (!finalizers.length) return undefined;
  const what = finalizers.map((one) =>
    own[one] ? `${own[one]} (finalizer ${one})` : `the finalizer ${one}`,
  );
  const detail = `it waits for ${what.join(" and ")}`;
  if (finalizers.every((one) => own[one])) return { detail, next: "wait for that, or see what keeps it" };
  const where = namespace ? `kubectl -n ${namespace}` : "kubectl";
  return {
    detail,
    next: `see that the controller runs which takes it off; where that is gone for good: ${where} patch ${kind} ${name} --type=merge -p '{"metadata":{"finalizers":null}}'`,
  };
}
