import { connectionsOf, networkText } from "../../../../operations/platform/network";
import { expectDocumented } from "../../../documented";
import { repository } from "../../sample-repository";
import { platformOf } from "../../synthesize-platform";

test("who may talk to whom stands in docs/operations.md as the policies say it", () => {
  const connections = connectionsOf(platformOf("minikube").foundation);
  expect(connections.filter(({ missing }) => missing)).toEqual([]);
  expectDocumented("network", "npm run graph -- --network", networkText(connections), repository);
});

test("a connection that one end alone lets through is told as one that is not", () => {
  const policy = (namespace: string, spec: object) => ({ metadata: { namespace }, spec });
  const peer = (namespace: string) => ({
    namespace_selector: { match_labels: { "kubernetes.io/metadata.name": namespace } },
  });
  const ports = [{ port: "80", protocol: "TCP" }];
  const kubernetes_network_policy_v1 = {
    in: policy("a", { pod_selector: {}, ingress: [{ from: [peer("b"), peer("others")], ports }] }),
    out: policy("b", { pod_selector: {}, egress: [{ to: [peer("c")], ports }] }),
    none: policy("c", { pod_selector: {} }),
  };
  expect(connectionsOf({ resource: { kubernetes_network_policy_v1 } })).toEqual([
    { from: "b/*", to: "a/*", ports: ["80"], missing: "no policy of b/* lets it out" },
    { from: "b/*", to: "c/*", ports: ["80"], missing: "no policy of c/* lets it in" },
    { from: "others/*", to: "a/*", ports: ["80"] },
  ]);
});
