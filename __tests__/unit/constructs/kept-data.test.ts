import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { PersistentVolumeClaim } from "@cdktf/provider-kubernetes/lib/persistent-volume-claim";
import { isKept, keepData } from "../../../constructs/kept-data";
import { synthesizeStack } from "../synthesize";

test("claims and namespaces are kept whoever adds them, with what else their lifecycle says", () => {
  const { resource, data } = synthesizeStack((stack) => {
    keepData(stack, "test.eu");
    new NamespaceV1(stack, "mine", {
      metadata: { name: "mine" },
      lifecycle: { ignoreChanges: ["metadata[0].annotations"] },
    });
    new PersistentVolumeClaim(stack, "data", {
      metadata: { name: "data" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    });
    new ConfigMapV1(stack, "map", { metadata: { name: "map" } });
  });
  expect(resource?.kubernetes_namespace_v1?.mine?.lifecycle).toEqual({
    prevent_destroy: true,
    ignore_changes: ["metadata[0].annotations"],
  });
  expect(resource?.kubernetes_persistent_volume_claim?.data?.lifecycle).toEqual({ prevent_destroy: true });
  expect(resource?.kubernetes_config_map_v1?.map).not.toHaveProperty("lifecycle");
  expect(resource?.terraform_data).toEqual({
    // What Terraform takes for a name has no dots.
    npm_run_destroy_keeps_the_data_and_DELETE_DATA_test_eu_deletes_it: {
      depends_on: ["kubernetes_namespace_v1.mine", "kubernetes_persistent_volume_claim.data"],
      lifecycle: { prevent_destroy: true },
    },
  });
  // What goes from the configuration takes prevent_destroy along: the cluster is asked.
  expect(data).toEqual({
    kubernetes_resources: {
      deployed_namespaces: {
        api_version: "v1",
        kind: "Namespace",
        label_selector: "env=test.eu,app.kubernetes.io/part-of=llm-platform",
        lifecycle: {
          postcondition: [
            {
              condition: expect.stringContaining('if !contains(["mine"], namespace.metadata.name)'),
              error_message: expect.stringMatching(/^data would be lost: /),
            },
          ],
        },
      },
    },
  });
});

test.each([
  ["kubernetes_namespace_v1.ollama", true],
  ["kubernetes_persistent_volume_claim_v1.ollama_models", true],
  ["kubernetes_persistent_volume_claim.mine", true],
  ["terraform_data.npm_run_destroy_keeps_the_data_and_DELETE_DATA_sandbox_deletes_it", true],
  ["terraform_data.other", false],
  ["kubernetes_secret_v1.credentials", false],
])("whether npm run destroy leaves %s: %s", (address, kept) => {
  expect(isKept(address)).toBe(kept);
});
