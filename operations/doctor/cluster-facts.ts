import type { NodeIdentity } from "../cluster/simulated-node";
import type { RightAnswer } from "./needed-rights";

/** What was read from the cluster, or why it could not be: the user of the context may not see everything. */
export type Reading<T> = { readonly value: T } | { readonly refused: string };

/** As much of the cluster as the checks look at. Plain data: the checks need no Kubernetes client. */
export interface ClusterFacts {
  /** Such as `v1.35.4`. */
  readonly version: string;
  /** Name of the user that the API server sees, such as `system:serviceaccount:ci:deployer`. */
  readonly user: string;
  /** API groups that are served, such as `cert-manager.io`. */
  readonly apiGroups: Reading<readonly string[]>;
  readonly rights: Reading<readonly RightAnswer[]>;
  readonly namespaces: Reading<readonly string[]>;
  readonly storageClasses: Reading<readonly StorageClassFacts[]>;
  readonly ingressClasses: Reading<readonly string[]>;
  readonly runtimeClasses: Reading<readonly string[]>;
  readonly nodes: Reading<readonly NodeFacts[]>;
  /** Pods that hold something of a node: those that have ended are not among them. */
  readonly pods: Reading<readonly PodFacts[]>;
  readonly daemonSets: Reading<readonly DaemonSetFacts[]>;
  /** Quotas in the namespaces of the platform. */
  readonly quotas: Reading<readonly QuotaFacts[]>;
  /** Whether something adds nodes when pods find no place. */
  readonly autoscaled: boolean;
  /** The Secrets with certificates that nobody is asked to make, as `NAMESPACE/NAME`. */
  readonly certificates: { readonly [secret: string]: Certificate };
  /** cert-manager's ClusterIssuers. @default - undefined where none is asked for */
  readonly clusterIssuers?: Reading<readonly string[]>;
}

export interface StorageClassFacts {
  readonly name: string;
  readonly isDefault: boolean;
}

/** Amounts by resource, as Kubernetes writes them: `{cpu: "500m", memory: "8Gi", "nvidia.com/gpu": "1"}`. */
export type Amounts = { readonly [resource: string]: string };

export interface NodeFacts extends NodeIdentity {
  readonly name: string;
  readonly allocatable: Amounts;
  /** Taints that keep pods away which do not tolerate them. */
  readonly taints: readonly { readonly key: string; readonly effect: string }[];
  /** Cordoned. */
  readonly unschedulable: boolean;
  readonly ready: boolean;
}

export interface PodFacts {
  readonly namespace: string;
  /** @default - undefined as long as it is not scheduled */
  readonly node?: string;
  /** The requests of each container. */
  readonly requests: readonly Amounts[];
}

export interface DaemonSetFacts {
  readonly name: string;
  readonly namespace: string;
  readonly containers: readonly string[];
}

export interface QuotaFacts {
  readonly namespace: string;
  readonly name: string;
  /** Whether it is the platform's own. */
  readonly own: boolean;
  readonly hard: Amounts;
  readonly used: Amounts;
}

/** What was read, or undefined. */
export function valueOf<T>(reading: Reading<T>): T | undefined {
  return "value" in reading ? reading.value : undefined;
}

/** What was found of the Secret of a certificate. */
export type Certificate = Reading<"there" | "missing" | "without a certificate">;
