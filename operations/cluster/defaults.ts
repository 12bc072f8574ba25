import { isMap } from "../../settings/yaml-file";

/**
 * What the API server fills in where nothing is said. As a rule it does so when something is deployed, and the deployer owns
 * it; of an object that somebody else made, such as one that a person made anew, it is theirs.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/
 */
const defaults: { readonly [field: string]: readonly unknown[] } = {
  allocateLoadBalancerNodePorts: [true],
  concurrencyPolicy: ["Allow"],
  defaultMode: [420],
  dnsPolicy: ["ClusterFirst"],
  externalTrafficPolicy: ["Cluster"],
  failedJobsHistoryLimit: [1],
  failureThreshold: [3],
  finalizers: ["kubernetes", "kubernetes.io/pvc-protection"],
  imagePullPolicy: ["IfNotPresent"],
  internalTrafficPolicy: ["Cluster"],
  maxSurge: ["25%"],
  maxUnavailable: ["25%"],
  partition: [0],
  periodSeconds: [10],
  podManagementPolicy: ["OrderedReady"],
  policyTypes: ["Ingress"],
  progressDeadlineSeconds: [600],
  protocol: ["TCP"],
  replicas: [1],
  restartPolicy: ["Always"],
  revisionHistoryLimit: [10],
  schedulerName: ["default-scheduler"],
  scheme: ["HTTP"],
  sessionAffinity: ["None"],
  successThreshold: [1],
  successfulJobsHistoryLimit: [3],
  suspend: [false],
  terminationGracePeriodSeconds: [30],
  terminationMessagePath: ["/dev/termination-log"],
  terminationMessagePolicy: ["File"],
  timeoutSeconds: [1],
  type: ["ClusterIP", "Opaque", "RollingUpdate"],
  volumeMode: ["Filesystem"],
  whenDeleted: ["Retain"],
  whenScaled: ["Retain"],
};

/** What it chooses by itself, whatever that is. */
const chosen = ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "nodePort", "storageClassName"];

/** What it fills in empty. */
const empty = ["resources", "securityContext"];

/** Whether a field is what the API server makes of it where nothing is said. @param name its key, or that of its list */
export function isDefault(name: string, value: unknown): boolean {
  if (chosen.includes(name)) return true;
  if (Array.isArray(value)) return value.every((item) => isDefault(name, item));
  if (!isMap(value)) return defaults[name]?.includes(value) ?? false;
  const fields = Object.entries(value);
  return fields.length === 0 ? empty.includes(name) : fields.every(([key, inner]) => isDefault(key, inner));
}
