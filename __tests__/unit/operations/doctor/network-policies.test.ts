import { loadEnvironment } from "../../../../applications/load-environment";
import { repository } from "../../sample-repository";
import type { V1DaemonSet, V1Node } from "@kubernetes/client-node";
import type { ClusterFacts } from "../../../../operations/doctor/cluster-facts";
import { networkPolicyCheck } from "../../../../operations/doctor/network-policies";

const node = (kubeletVersion: string) => ({ status: { nodeInfo: { kubeletVersion } } }) as V1Node;

function checked(
  daemonSets: readonly { name: string; containers?: readonly string[] }[],
  kubelets: readonly string[] = ["v1.33.1"],
): string {
  const facts: Pick<ClusterFacts, "daemonSets" | "nodes"> = {
    nodes: { value: kubelets.map(node) },
    daemonSets: {
      value: daemonSets.map(
        ({ name, containers = [] }) =>
          ({
            metadata: { name },
            spec: { template: { spec: { containers: containers.map((name) => ({ name })) } } },
          }) as V1DaemonSet,
      ),
    },
  };
  const { result, found } = networkPolicyCheck(facts, loadEnvironment(repository, "minikube"));
  return `${result}: ${found}`;
}

test.each([
  ["calico-node", "Calico"],
  ["canal", "Calico"],
  ["cilium", "Cilium"],
  ["anetd", "GKE Dataplane V2"],
  ["kube-router", "kube-router"],
  ["antrea-agent", "Antrea"],
  ["azure-npm", "Azure Network Policy Manager"],
])("%s enforces them", (name, network) => {
  expect(checked([{ name: "kube-proxy" }, { name }])).toBe(`ok: enforced by ${network}`);
});

test("a network whose agent for policies may be left out is believed only with that agent", () => {
  expect(checked([{ name: "aws-node", containers: ["aws-node", "aws-eks-nodeagent"] }])).toBe(
    "ok: enforced by Amazon VPC CNI",
  );
  expect(checked([{ name: "aws-node", containers: ["aws-node"] }])).toMatch(/^warning: nothing is known/);
  expect(checked([{ name: "weave-net", containers: ["weave"] }])).toMatch(/^warning/);
});

test("minikube's default network is a warning that names what becomes reachable", () => {
  expect(checked([{ name: "kube-proxy" }])).toMatch(
    /^warning: nothing is known to enforce them here: .* Ollama/,
  );
  expect(checked([{ name: "kindnet" }])).toMatch(/^warning: kindnet enforces them in newer versions alone/);
});

test("k3s enforces them without a DaemonSet", () => {
  expect(checked([], ["v1.33.1+k3s1"])).toMatch(/^ok: enforced by k3s/);
});

test("simulated nodes prove nothing, and one real node among them is looked at", () => {
  expect(checked([{ name: "calico-node" }], ["kwok-0.7.0", "kwok-0.7.0"])).toMatch(
    /^not checked: the nodes are simulated/,
  );
  expect(checked([{ name: "calico-node" }], ["kwok-0.7.0", "v1.33.1"])).toBe("ok: enforced by Calico");
});
