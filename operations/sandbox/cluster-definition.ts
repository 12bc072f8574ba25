import yaml from "js-yaml";
import { SandboxDirectory, SandboxPorts } from "./sandbox-directory";
import { SandboxBinaries } from "./programs";

/** The port of every pod that leads to the sandbox's model server, whatever release the pod is of. */
const MODEL_SERVER_PORT = 11434;

const VOLUMES = 24;

/**
 * The configuration that kwokctl creates the cluster from: which programs, on which ports, and what
 * kwok does besides pretending that pods run.
 *
 * @see https://kwok.sigs.k8s.io/docs/user/configuration/
 */
export function clusterConfiguration(
  directory: SandboxDirectory,
  binaries: SandboxBinaries,
  ports: SandboxPorts,
): string {
  return [
    kwokctlConfiguration(directory, binaries, ports),
    {
      apiVersion: "kwok.x-k8s.io/v1alpha1",
      kind: "ClusterPortForward",
      metadata: { name: "model-server" },
      spec: {
        // Without a selector: of pods in all namespaces.
        forwards: [{ ports: [MODEL_SERVER_PORT], target: { address: "127.0.0.1", port: ports.ollama } }],
      },
    },
    {
      apiVersion: "kwok.x-k8s.io/v1alpha1",
      kind: "ClusterLogs",
      metadata: { name: "simulated" },
      spec: { logs: [{ logsFile: directory.podLog, follow: false }] },
    },
  ]
    .map((document) => yaml.dump(document))
    .join("---\n");
}

function kwokctlConfiguration(
  directory: SandboxDirectory,
  binaries: SandboxBinaries,
  ports: SandboxPorts,
): object {
  const argument = (key: string, value: string) => ({ key, value });
  return {
    apiVersion: "config.kwok.x-k8s.io/v1alpha1",
    kind: "KwokctlConfiguration",
    options: {
      runtime: "binary",
      // kwokctl's default is every address of the machine.
      bindAddress: "127.0.0.1",
      kubeApiserverPort: ports.apiServer,
      kubeControllerManagerPort: ports.controllerManager,
      kubeSchedulerPort: ports.scheduler,
      kwokControllerPort: ports.kwok,
      etcdPort: ports.etcd,
      etcdPeerPort: ports.etcdPeer,
      etcdBinary: binaries.etcd,
      kubeApiserverBinary: binaries["kube-apiserver"],
      kubeControllerManagerBinary: binaries["kube-controller-manager"],
      kubeSchedulerBinary: binaries["kube-scheduler"],
      kubectlBinary: binaries.kubectl,
      kwokControllerBinary: binaries.kwok,
      kubeAuthorization: true,
      kubeAdmission: true,
      disableQPSLimits: true,
    },
    componentsPatches: [
      {
        name: "etcd",
        // Written data survive the death of the process, which is all that happens to a sandbox.
        extraArgs: [argument("unsafe-no-fsync", "true")],
      },
      {
        name: "kwok-controller",
        extraArgs: [
          // Without leases: a kwok that was restarted leaves its nodes alone as long as the lease of the one
          // before is valid, which is minutes, and new pods stay Pending.
          argument("node-lease-duration-seconds", "0"),
          // Beside kwokctl's own, which simulates nodes and pods as long as it is given no stage at all.
          argument("config", directory.volumeStage),
        ],
      },
      // There is one of each: waiting for the lease of the one before would hold a resume up for 15 s.
      {
        name: "kube-controller-manager",
        extraArgs: [
          argument("leader-elect", "false"),
          // A claim that names a volume which is being made available again is looked at once a period.
          argument("pvclaimbinder-sync-period", "1s"),
          // Without leases a simulated node has no heartbeat: it must not be taken for dead after 200 s.
          argument("node-monitor-grace-period", "8760h"),
        ],
      },
      { name: "kube-scheduler", extraArgs: [argument("leader-elect", "false")] },
    ],
  };
}

/**
 * What kwok does to volumes: it makes one whose claim was deleted available again. Retained volumes stay Released
 * for ever otherwise, and a sandbox would run out of them after a few deploys. There is nothing in them to lose.
 *
 * @see https://kwok.sigs.k8s.io/docs/user/stages-configuration/
 */
export function volumeStage(): string {
  return yaml.dump({
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name: "volume-released" },
    spec: {
      resourceRef: { apiGroup: "v1", kind: "PersistentVolume" },
      selector: {
        matchExpressions: [
          { jq: { key: ".status.phase", operator: "In", values: ["Released"] } },
          { jq: { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" } },
        ],
      },
      steps: [{ patch: { type: "merge", root: "spec", template: "claimRef: null\n" } }],
    },
  });
}

/** What `kubectl logs` shows of any pod, in the format of the container runtime interface. */
export function podLog(directory: SandboxDirectory): string {
  const time = new Date().toISOString();
  return [
    "this pod is simulated: nothing runs in it, so it has no log",
    `the sandbox's model server, which answers on port ${MODEL_SERVER_PORT} of every pod, writes its log to ${directory.modelServerLog}`,
  ]
    .map((line) => `${time} stdout F ${line}\n`)
    .join("");
}

const capacity = { cpu: "32", memory: "256Gi", "ephemeral-storage": "1Ti", pods: "110" };

/** The objects that the cluster begins with: two nodes, storage, and an ingress class. */
export function clusterObjects(): object {
  return {
    apiVersion: "v1",
    kind: "List",
    items: [
      node("gpu-0", {
        capacity: { ...capacity, "nvidia.com/gpu": "8" },
        labels: { "nvidia.com/gpu.present": "true" },
        // As the GPU nodes of clouds have it: only pods that ask for a GPU belong here.
        taints: [{ key: "nvidia.com/gpu", value: "", effect: "NoSchedule" }],
      }),
      node("cpu-0", { capacity, labels: {}, taints: [] }),
      {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: {
          name: "standard",
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
        provisioner: "kubernetes.io/no-provisioner",
        reclaimPolicy: "Retain",
        volumeBindingMode: "Immediate",
      },
      ...Array.from({ length: VOLUMES }, (_, index) => volume(`volume-${String(index).padStart(2, "0")}`)),
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "IngressClass",
        metadata: { name: "nginx" },
        spec: { controller: "k8s.io/ingress-nginx" },
      },
    ],
  };
}

interface NodeProps {
  readonly capacity: Record<string, string>;
  readonly labels: Record<string, string>;
  readonly taints: readonly object[];
}

function node(name: string, { capacity, labels, taints }: NodeProps): object {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        ...labels,
      },
    },
    spec: { taints },
    status: { capacity, allocatable: capacity },
  };
}

function volume(name: string): object {
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name },
    spec: {
      capacity: { storage: "100Gi" },
      accessModes: ["ReadWriteOnce"],
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: "standard",
      // Nothing ever mounts it: the pods are simulated.
      hostPath: { path: `/sandbox/${name}` },
    },
  };
}
