import type { V1Node, V1NodeSystemInfo } from "@kubernetes/client-node";
import { isSimulatedNode } from "../../../../operations/cluster/simulated-node";

const node = (kubeletVersion: string, annotations: { [name: string]: string } = {}): V1Node => ({
  metadata: { annotations },
  status: { nodeInfo: { kubeletVersion } as V1NodeSystemInfo },
});

test.each(["v1.35.4", "v1.33.1+k3s1", "v1.31.2-gke.100", "v1.30.4-eks-a737599", ""])(
  "a kubelet of the version %j is a real one",
  (version) => expect(isSimulatedNode(node(version))).toBe(false),
);

test("kwok says so in the version, or its user in the annotation", () => {
  expect(isSimulatedNode(node("kwok-0.7.0"))).toBe(true);
  expect(isSimulatedNode(node("v1.35.4", { "kwok.x-k8s.io/node": "fake" }))).toBe(true);
  expect(isSimulatedNode({})).toBe(false);
});
