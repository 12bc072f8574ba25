/** As much of a Node as says whether it is simulated. */
export type NodeIdentity = {
  readonly metadata?: { readonly annotations?: { readonly [name: string]: string } };
  readonly status?: { readonly nodeInfo?: { readonly kubeletVersion?: string } };
};

/**
 * Whether a node is one of kwok's: its pods are objects alone, no container runs on it.
 *
 * kwok says so itself, in the version of the kubelet that it plays, or its user does with the annotation that hands a node
 * over to it. A kubelet says the version of Kubernetes, so no real node is taken for a simulated one.
 *
 * @see https://kwok.sigs.k8s.io/docs/user/kwok-manage-nodes-and-pods/
 */
export function isSimulatedNode({ metadata, status }: NodeIdentity): boolean {
  return (
    metadata?.annotations?.["kwok.x-k8s.io/node"] === "fake" ||
    /^kwok-/.test(status?.nodeInfo?.kubeletVersion ?? "")
  );
}
