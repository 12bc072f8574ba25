import { LimitRangeV1 } from "@cdktf/provider-kubernetes/lib/limit-range-v1";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { NetworkPolicyV1 } from "@cdktf/provider-kubernetes/lib/network-policy-v1";
import { ResourceQuotaV1 } from "@cdktf/provider-kubernetes/lib/resource-quota-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { containerDefaults } from "../settings/container-defaults";
import { enforcedPodSecurity } from "../settings/enforced-pod-security";
import type { Quota } from "../settings/environment-parts";
import { platformLabels } from "../settings/platform-labels";
import { formerAddress } from "./former-address";

/** Pods that a policy is about or lets in: by their labels, in one namespace. */
export interface Pods {
  readonly namespace: string;
  /** @default - every pod of the namespace */
  readonly labels?: { readonly [label: string]: string };
}

/** Addresses outside the cluster, or of whatever has no pods in it. */
export interface AddressRange {
  readonly cidr: string;
  /** @default - none */
  readonly except?: readonly string[];
}

/** What pods may reach. */
export interface Destination {
  readonly to: Pods | AddressRange;
  /** By TCP. */
  readonly ports: readonly number[];
}

export interface AppNamespaceProps {
  /** Name of the namespace. */
  readonly name: string;
  /** Name of the release that it is for. @default - the name of the namespace */
  readonly release?: string;
  /** Name of the environment. */
  readonly environment: string;
  /** What the application is to the platform, such as `model-server`. */
  readonly component: string;
  readonly quota: Quota;
  /** GPUs that the pods of the namespace may ask for, by extended resource. @default - none of either kind */
  readonly gpus?: { readonly [resource: string]: number };
  /** Devices that its pods may claim: of a class so many, or whatever a template says. @default - none */
  readonly deviceClaim?: { readonly deviceClass?: string; readonly count: number };
  /**
   * The level of Pod Security that is enforced. @default "restricted"
   *
   * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
   */
  readonly podSecurity?: PodSecurity;
  /** Groups that get Kubernetes' own roles `view` and `edit` in the namespace. */
  readonly access: { readonly view: string; readonly edit: string };
}

/** Levels of Pod Security that a namespace here may enforce: under `baseline` pods may run as root. */
export type PodSecurity = "restricted" | "baseline";

const accessRoles = ["view", "edit"] as const;

/**
 * A namespace for one application, with what keeps it from harming its neighbours: Pod Security, a quota, default limits,
 * and a policy that lets nobody in until {@link AppNamespace.allow} does, and nobody out, but to ask for names, until
 * {@link AppNamespace.letOut} does.
 *
 * Removing it removes everything in it, claims and their data included: see `keepData`.
 */
export class AppNamespace extends Construct {
  /** Name of the namespace: a plain string, so that another stack can use it. */
  public readonly name: string;
  /** The namespace itself, for what must come after it in the same stack. */
  public readonly resource: NamespaceV1;
  /**
   * What guards it, for its claims: they are counted by the quota, and a claim is gone once the pods that mount it are, so that
   * Terraform deletes no guard before these have ended.
   */
  public readonly guards: readonly TerraformResource[];
  private readonly labels: { [label: string]: string };

  constructor(scope: Construct, id: string, props: AppNamespaceProps) {
    super(scope, id);
    this.name = props.name;
    this.labels = platformLabels({ ...props, name: props.release ?? props.name });

    this.resource = new NamespaceV1(this, "namespace", {
      metadata: {
        name: props.name,
        labels: {
          ...this.labels,
          [enforcedPodSecurity]: props.podSecurity ?? "restricted",
          "pod-security.kubernetes.io/warn": "restricted",
        },
      },
      // Claims are released and pods get their grace period before a namespace is gone.
      timeouts: { delete: "10m" },
    });
    // Without the path of the constructs in it: moving one to another place in the program must not delete what is in it.
    this.resource.overrideLogicalId(id.replaceAll("-", "_"));

    const { quota, gpus = { "nvidia.com/gpu": 0, "amd.com/gpu": 0 }, deviceClaim } = props;
    const limits = new LimitRangeV1(this, "limits", {
      metadata: { name: "defaults", namespace: props.name, labels: this.labels },
      spec: {
        // A container that states nothing would be refused: the quota counts requests and memory limits.
        limit: [
          {
            type: "Container",
            defaultRequest: {
              cpu: containerDefaults.cpu,
              memory: containerDefaults.memory,
              "ephemeral-storage": containerDefaults.disk,
            },
            default: {
              memory: containerDefaults.memoryLimit,
              "ephemeral-storage": containerDefaults.diskLimit,
            },
          },
        ],
      },
      dependsOn: [this.resource],
    });
    const counted = new ResourceQuotaV1(this, "quota", {
      metadata: { name: "quota", namespace: props.name, labels: this.labels },
      spec: {
        hard: {
          "requests.cpu": quota.cpu,
          "requests.memory": quota.memory,
          "limits.memory": twice(quota.memory),
          "requests.storage": quota.storage,
          pods: String(quota.pods),
          ...Object.fromEntries(
            Object.entries(gpus).map(([resource, count]) => [`requests.${resource}`, String(count)]),
          ),
          "count/resourceclaims.resource.k8s.io": String(deviceClaim ? quota.pods : 0),
          ...(deviceClaim?.deviceClass && {
            [`${deviceClaim.deviceClass}.deviceclass.resource.k8s.io/devices`]: String(deviceClaim.count),
          }),
        },
      },
      dependsOn: [limits],
    });

    for (const role of accessRoles) {
      new RoleBindingV1(this, role, {
        metadata: { name: `llm-platform-${role}`, namespace: props.name, labels: this.labels },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
        subject: [
          {
            apiGroup: "rbac.authorization.k8s.io",
            kind: "Group",
            name: props.access[role],
            // The provider's default is a namespace, which a Group does not have: it would be a change at every plan.
            namespace: "",
          },
        ],
        dependsOn: [this.resource],
      });
    }

    const closed = new NetworkPolicyV1(this, "default-deny", {
      metadata: { name: "default-deny", namespace: props.name, labels: this.labels },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      dependsOn: [this.resource],
    });
    new NetworkPolicyV1(this, "dns", {
      metadata: { name: "dns", namespace: props.name, labels: this.labels },
      spec: {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [
          {
            to: [peer({ namespace: "kube-system" }), peer({ cidr: nodeLocalDns })],
            ports: ["UDP", "TCP"].map((protocol) => ({ port: "53", protocol })),
          },
        ],
      },
      dependsOn: [this.resource],
    });
    this.guards = [counted, closed];
  }

  /** Keeps all of it where a state has it below another construct id. To be called when all is in it. */
  public moveFrom(former: string): void {
    for (const resource of this.node.children.filter(TerraformResource.isTerraformResource)) {
      const { id } = resource.node;
      resource.moveFromId(formerAddress(resource, resource === this.resource ? [former] : [former, id]));
    }
  }

  /**
   * Lets some pods reach one port of this namespace's pods.
   *
   * @param id construct id and name of the policy, such as `chat-to-models`
   */
  public allow(id: string, { to, port, from }: { to: Pods["labels"]; port: number; from: Pods }): void {
    new NetworkPolicyV1(this, id, {
      metadata: { name: id, namespace: this.name, labels: this.labels },
      spec: {
        podSelector: { matchLabels: { ...to } },
        policyTypes: ["Ingress"],
        ingress: [
          {
            from: [peer(from)],
            ports: [{ port: String(port), protocol: "TCP" }],
          },
        ],
      },
      dependsOn: [this.resource],
    });
  }

  /**
   * Lets some of this namespace's pods reach something.
   *
   * @param id construct id and name of the policy, such as `chat-egress`
   */
  public letOut(
    id: string,
    { from, destinations }: { from: Pods["labels"]; destinations: readonly Destination[] },
  ): void {
    new NetworkPolicyV1(this, id, {
      metadata: { name: id, namespace: this.name, labels: this.labels },
      spec: {
        podSelector: { matchLabels: { ...from } },
        policyTypes: ["Egress"],
        egress: destinations.map(({ to, ports }) => ({
          to: [peer(to)],
          ports: ports.map((port) => ({ port: String(port), protocol: "TCP" })),
        })),
      },
      dependsOn: [this.resource],
    });
  }
}

/** Where a node keeps answers of DNS, by an address of its own. @see https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/ */
const nodeLocalDns = "169.254.20.10/32";

function peer(found: Pods | AddressRange) {
  if ("cidr" in found) {
    const { cidr, except } = found;
    return { ipBlock: { cidr, ...(except && { except: [...except] }) } };
  }
  return {
    // The API server itself labels every namespace with its name.
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": found.namespace } },
    ...(found.labels && { podSelector: { matchLabels: { ...found.labels } } }),
  };
}

function twice(bytes: string): string {
  return bytes.replace(/^[\d.]+/, (number) => String(Number(number) * 2));
}
