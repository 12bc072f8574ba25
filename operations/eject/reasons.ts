/** Why the stacks are as they are, by type and attribute, where that cannot be seen: what comments say in the program itself. */
export const reasons: { readonly [path: string]: string } = {
  "terraform.backend":
    "The state stays where it is: only one of this directory and the program that it was written by may apply from now on.\ninit -migrate-state takes it elsewhere.",
  "kubernetes.config_context":
    "Without it the provider uses whichever context is current, and an apply goes to the cluster that somebody last looked at.",
  "helm.kubernetes": "The same cluster, in the same way.",
  moved: "For states from before the resource had this name; of no use once every state was applied.",
  removed: "Somebody else fills it from now on: it goes from the state, and stays in the cluster.",
  terraform_data:
    "Stops a destroy before it deletes data. The state has it by this name, which was advice for the program that this was written by.",
  "data.kubernetes_namespace_v1.reachable":
    "The Helm provider takes a cluster that does not answer for one without releases, and forgets those it had: with this it fails instead.",
  "data.kubernetes_resources.deployed_namespaces":
    "prevent_destroy goes with the block that it stands in: a namespace whose block is gone is found by its labels.",
  "helm_release.values.jsonencode":
    "Pods read a Secret only when they start: another revision makes them anew.",
  "helm_release.create_namespace": "The foundation makes the namespaces, with their labels and policies.",
  "helm_release.max_history": "Helm's own default; the provider's is to keep every revision.",
  "helm_release.render_subchart_notes": "Nobody reads them in a state.",
  "helm_release.disable_openapi_validation":
    "It validates nothing with Kubernetes 1.25 or newer, and has all that the server says of its APIs read for each release.",
  "helm_release.upgrade_install":
    "A release that is in the cluster but not in the state, after a failed first install or a lost state, is taken back.",
  "helm_release.timeouts": "The provider's own limit, 20 minutes, would cut a longer wait short.",
  "kubernetes_namespace_v1.timeouts":
    "Claims are released and pods get their grace period before a namespace is gone.",
  "kubernetes_limit_range_v1.spec.limit":
    "A container that states nothing would be refused: the quota counts requests and memory limits.",
  "kubernetes_persistent_volume_claim_v1.wait_until_bound":
    "A StorageClass may wait for the first pod, which comes with the release.",
  "kubernetes_role_binding_v1.subject.namespace":
    "The provider's default is a namespace, which a Group does not have: it would be a change at every plan.",
  "kubernetes_secret_v1.data_wo": "Written and forgotten: neither the state nor a plan holds a value.",
  "kubernetes_secret_v1.data_wo_revision":
    "No value is kept that could be compared: a Secret is written anew when this differs.",
};
