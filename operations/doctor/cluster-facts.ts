import type {
  V1DaemonSet,
  V1IngressClass,
  V1Node,
  V1Pod,
  V1ResourceQuota,
  V1Secret,
  V1StorageClass,
} from "@kubernetes/client-node";
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
  readonly storageClasses: Reading<readonly V1StorageClass[]>;
  readonly ingressClasses: Reading<readonly V1IngressClass[]>;
  readonly runtimeClasses: Reading<readonly string[]>;
  /** Of dynamic resource allocation. @default - none is asked for */
  readonly deviceClasses?: Reading<readonly string[]>;
  /** ResourceClaimTemplates that somebody else makes, as `NAMESPACE/NAME`. @default - none is asked for */
  readonly claimTemplates?: Reading<readonly string[]>;
  readonly nodes: Reading<readonly V1Node[]>;
  /** Pods that hold something of a node: those that have ended are not among them. */
  readonly pods: Reading<readonly V1Pod[]>;
  readonly daemonSets: Reading<readonly V1DaemonSet[]>;
  /** Quotas in the namespaces of the platform. */
  readonly quotas: Reading<readonly V1ResourceQuota[]>;
  /** Whether something adds nodes when pods find no place. */
  readonly autoscaled: boolean;
  /** The Secrets with certificates that nobody is asked to make, as `NAMESPACE/NAME`; undefined where one is not there. */
  readonly certificates: { readonly [secret: string]: Reading<V1Secret | undefined> };
  /** cert-manager's ClusterIssuers. @default - none is asked for */
  readonly clusterIssuers?: Reading<readonly string[]>;
}

/** Amounts by resource, as Kubernetes writes them: `{cpu: "500m", memory: "8Gi", "nvidia.com/gpu": "1"}`. */
export type Amounts = { readonly [resource: string]: string };

/** What was read, or undefined. */
export function valueOf<T>(reading: Reading<T>): T | undefined {
  return "value" in reading ? reading.value : undefined;
}

/** The name of an object. */
export function nameOf({ metadata }: { readonly metadata?: { readonly name?: string } }): string {
  return metadata?.name ?? "";
}
