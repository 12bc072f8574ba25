import type { V1DaemonSet } from "@kubernetes/client-node";
import { releasesOf } from "../../applications/releases";
import type { Environment } from "../../settings/environment";
import { isSimulatedNode } from "../cluster/simulated-node";
import { type Check, checkOf } from "./check";
import { type ClusterFacts, nameOf, valueOf } from "./cluster-facts";

interface Enforcer {
  readonly name: string;
  readonly daemonSet: RegExp;
  /** A container that does it, where the DaemonSet may be there without. @default - the DaemonSet is enough */
  readonly container?: RegExp;
}

/** What is known to enforce NetworkPolicies, by what runs on each node. */
const enforcers: readonly Enforcer[] = [
  { name: "Calico", daemonSet: /^(calico-node|canal)$/ },
  { name: "Cilium", daemonSet: /^cilium$/ },
  { name: "GKE Dataplane V2", daemonSet: /^anetd$/ },
  { name: "kube-router", daemonSet: /^kube-router$/ },
  { name: "Antrea", daemonSet: /^antrea-agent$/ },
  { name: "Weave Net", daemonSet: /^weave-net$/, container: /^weave-npc$/ },
  {
    name: "Amazon VPC CNI",
    daemonSet: /^aws-node$/,
    container: /^aws-(eks-nodeagent|network-policy-agent)$/,
  },
  { name: "Azure Network Policy Manager", daemonSet: /^azure-npm$/ },
  { name: "OVN-Kubernetes", daemonSet: /^ovnkube-node$/ },
  { name: "Kube-OVN", daemonSet: /^kube-ovn-cni$/ },
  { name: "kube-network-policies", daemonSet: /^kube-network-policies/ },
];

/**
 * Whether something enforces NetworkPolicies: every API server stores them, and where nothing reads them every pod of the
 * cluster reaches what has no authentication.
 *
 * It is told by what runs on the nodes. The agents of an unknown network are no proof of anything: a warning says so.
 */
export function networkPolicyCheck(
  { daemonSets, nodes }: Pick<ClusterFacts, "daemonSets" | "nodes">,
  environment: Pick<Environment, "name" | "applications">,
): Check {
  const open = releasesOf(environment)
    .filter(({ application }) => application.guard !== "login")
    .map(({ application }) => application.title);
  const reached = open.length
    ? `reaches ${[...new Set(open)].join(" and ")}, which has no authentication`
    : "reaches every pod of the platform";
  const check = checkOf("cluster", "NetworkPolicy");
  const known = valueOf(nodes) ?? [];
  if (known.length && known.every(isSimulatedNode)) {
    return check.notChecked(
      "the nodes are simulated: policies are stored, and there is no traffic to let through",
    );
  }
  // k3s has kube-router's controller inside of its own process.
  if (known.some(({ status }) => /\+k3s/.test(status?.nodeInfo?.kubeletVersion ?? ""))) {
    return check.ok("enforced by k3s, unless it was started with --disable-network-policy");
  }
  if ("refused" in daemonSets) return check.notChecked(daemonSets.refused);
  const found = enforcers.find((enforcer) => daemonSets.value.some((one) => enforces(enforcer, one)));
  if (found) return check.ok(`enforced by ${found.name}`);
  const kindnet = daemonSets.value.some((one) => /^kindnet/.test(nameOf(one)));
  return check.warning(
    kindnet
      ? `kindnet enforces them in newer versions alone (kind 0.24): in others every pod ${reached}`
      : `nothing is known to enforce them here: every pod of the cluster ${reached}`,
    "a cluster with a network that enforces them: minikube start --cni calico (a new cluster, since the network of one cannot be changed)",
  );
}

function enforces({ daemonSet, container }: Enforcer, found: V1DaemonSet): boolean {
  const containers = found.spec?.template.spec?.containers ?? [];
  return daemonSet.test(nameOf(found)) && (!container || containers.some(({ name }) => container.test(name)));
}
