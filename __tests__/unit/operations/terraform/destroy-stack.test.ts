import { onlyKept, whereToday } from "../../../../operations/terraform/destroy-stack";

test("what is kept needs nothing that goes, does not change, and is made nowhere where it was not", () => {
  const kept = onlyKept(
    {
      resource: {
        kubernetes_namespace_v1: {
          ollama: { metadata: { name: "ollama" } },
          never_deployed: { metadata: { name: "new" } },
        },
        kubernetes_persistent_volume_claim_v1: {
          ollama_models: {
            metadata: { name: "models" },
            depends_on: ["kubernetes_resource_quota_v1.ollama", "kubernetes_namespace_v1.ollama"],
          },
        },
        kubernetes_resource_quota_v1: { ollama: { metadata: { name: "quota" } } },
      },
      variable: { jwt_secret: {} },
      output: { quota: { value: "${kubernetes_resource_quota_v1.ollama}" } },
    },
    [
      "kubernetes_namespace_v1.ollama",
      "kubernetes_persistent_volume_claim_v1.ollama_models",
      "kubernetes_persistent_volume_claim_v1.of_an_application_that_was_removed",
    ],
  );
  const lifecycle = { prevent_destroy: true, ignore_changes: "all" };
  expect(JSON.parse(JSON.stringify(kept))).toEqual({
    resource: {
      kubernetes_namespace_v1: { ollama: { metadata: { name: "ollama" }, depends_on: [], lifecycle } },
      kubernetes_persistent_volume_claim_v1: {
        ollama_models: {
          metadata: { name: "models" },
          depends_on: ["kubernetes_namespace_v1.ollama"],
          lifecycle,
        },
      },
    },
    removed: [
      {
        from: "kubernetes_persistent_volume_claim_v1.of_an_application_that_was_removed",
        lifecycle: { destroy: false },
      },
    ],
  });
});

test("what was moved since it was deployed is kept at its place of today", () => {
  const moved = [{ from: "kubernetes_namespace_v1.mini", to: "kubernetes_namespace_v1.small" }];
  expect(whereToday({ moved }, ["kubernetes_namespace_v1.mini", "kubernetes_namespace_v1.other"])).toEqual([
    "kubernetes_namespace_v1.small",
    "kubernetes_namespace_v1.other",
  ]);
});
