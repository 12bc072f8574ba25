import { reachableCluster } from "../../../constructs/reachable-cluster";
import { synthesizeStack } from "../synthesize";

test("the proof that the cluster is there reads one namespace", () => {
  const { data } = synthesizeStack((stack) => reachableCluster(stack, "ollama"));
  expect(data).toMatchInlineSnapshot(`
{
  "kubernetes_namespace_v1": {
    "reachable": {
      "metadata": {
        "name": "ollama",
      },
    },
  },
}
`);
});

test("it is made once a stack, by the first who asks", () => {
  const { data } = synthesizeStack((stack) => {
    expect(reachableCluster(stack, "librechat")).toBe(reachableCluster(stack, "ollama"));
  });
  expect(data?.kubernetes_namespace_v1).toEqual({ reachable: { metadata: { name: "librechat" } } });
});
