/** Who deploys. What they set is what was deployed, with the defaults that the API server filled in at that moment. */
const deployers = [
  // Terraform's provider installs and upgrades every release.
  "terraform-provider-helm*",
  // npm run rollback goes back with it; a revision that somebody made with it is told by itself.
  "helm",
  // Terraform's kubernetes provider makes the foundation. Its resources that annotate what others made are "Terraform".
  "HashiCorp",
  // This program puts back what drifted, and replaces credentials.
  "llm-platform",
];

/**
 * Kubernetes' own controllers, and those that people install; `*` stands for any characters. Whoever is not here counts as a
 * person: `kubectl-edit`, `k9s`, `curl`. Whoever may change an object may call themselves anything: see {@link isController}.
 */
export const controllers = [
  // Replicas for a HorizontalPodAutoscaler, the revision of a Deployment, the volume of a claim, Endpoints.
  "kube-controller-manager",
  // Load balancers of Services, and the finalizers by which they go with them.
  "cloud-controller-manager",
  // What a cluster begins with, such as the bindings of its own roles.
  "kube-apiserver",
  // The node that a claim waits for.
  "kube-scheduler",
  "kubelet",
  // Replicas, and annotations on what may be moved.
  "*autoscaler",
  "keda*",
  "karpenter*",
  // Requests, by a VerticalPodAutoscaler.
  "vpa-*",
  // Certificates of an ingress, and the CA of webhooks.
  "cert-manager*",
  // The data of Secrets that it keeps in step.
  "external-secrets*",
  // Where a workload is reachable, in annotations.
  "rancher",
  // Istio's root certificate, in each namespace.
  "pilot-discovery",
  // Those of ingress classes, and all that are built with kubebuilder or the operator SDK: what their own objects ask for.
  "*-controller",
  "*-controller-manager",
  "*-operator",
  "*-injector",
];

/**
 * What runs, what is reached and what is allowed: whose these fields are is decided by what was deployed, and by no name. No
 * controller writes there, and the API server nothing but defaults.
 */
const decisive =
  /(^|\.)template\.spec\.|^spec\.(ports|selector|externalIPs|ingress|egress|podSelector)\b|^(rules|subjects|roleRef)\b/;

/** Annotations and labels that say nothing of how something is to be, whoever set them. */
export const notes = [
  // The pods were made anew, by kubectl rollout restart, k9s or Lens; to take it away would restart them once more.
  "kubectl.kubernetes.io/restartedAt",
  // How Helm knows its own: set by hand on an object that it takes over.
  "app.kubernetes.io/managed-by",
  "meta.helm.sh/release-name",
  "meta.helm.sh/release-namespace",
  // The API server sets it on each namespace, and lets nobody set another.
  "kubernetes.io/metadata.name",
];

/**
 * What the API server calls all but the last ten who changed an object. Deployers are among them: what is theirs is not told
 * from what somebody else added.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.35.4/staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/capmanagers.go
 */
export const forgotten = "ancient-changes";

/** Whether a program deploys, by the name under which it sets fields. */
export function isDeployer(manager: string): boolean {
  return deployers.some((name) => matches(name, manager));
}

/**
 * Whether a program is a controller, by the name under which it sets fields.
 *
 * @param path the way to what it set: where no controller writes, somebody else has taken the name. @default - anywhere
 */
export function isController(manager: string, path: readonly (string | number)[] = []): boolean {
  return !isDecisive(path) && controllers.some((name) => matches(name, manager));
}

/** Whether what is set there is a deployer's or a stranger's, whatever they call themselves. */
export function isDecisive(path: readonly (string | number)[]): boolean {
  return decisive.test(path.join("."));
}

function matches(pattern: string, manager: string): boolean {
  return new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "i").test(manager);
}
