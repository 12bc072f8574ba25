/**
 * What a container gets that states nothing: the quota counts requests and memory limits, and would refuse it. What it writes
 * beside its volumes would fill the node's disk.
 */
export const containerDefaults = {
  cpu: "50m",
  memory: "64Mi",
  memoryLimit: "256Mi",
  disk: "128Mi",
  diskLimit: "1Gi",
};
