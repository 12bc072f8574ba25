import { cutKubernetesSchema } from "../../../contracts/cut-kubernetes-schema";

const reference = (name: string) => ({ allOf: [{ $ref: `#/components/schemas/${name}` }] });

test("the schema is cut to what charts make, without prose and status", () => {
  const schemas = {
    "io.k8s.api.core.v1.Service": {
      description: "Prose.",
      properties: {
        spec: reference("io.k8s.api.core.v1.ServiceSpec"),
        status: reference("io.k8s.api.core.v1.ServiceStatus"),
        metadata: reference("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"),
      },
      "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "Service" }],
    },
    "io.k8s.api.core.v1.ServiceSpec": {
      properties: {
        type: { type: "string", enum: ["NodePort", "ClusterIP"] },
        ports: { type: "array", items: reference("io.k8s.api.core.v1.ServicePort") },
      },
    },
    "io.k8s.api.core.v1.ServicePort": {
      properties: {
        targetPort: reference("io.k8s.apimachinery.pkg.util.intstr.IntOrString"),
        port: { type: "integer" },
      },
    },
    "io.k8s.api.core.v1.ServiceStatus": { properties: {} },
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": { type: "string" },
    "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": {
      properties: { labels: { type: "object", additionalProperties: { type: "string" } } },
    },
    "io.k8s.api.core.v1.Node": {
      properties: {},
      "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "Node" }],
    },
  };
  expect(cutKubernetesSchema("v1.35.4", [{ components: { schemas } }])).toEqual({
    version: "v1.35.4",
    kinds: { "v1 Service": "core.v1.Service" },
    types: {
      "core.v1.Service": { metadata: "meta.v1.ObjectMeta", spec: "core.v1.ServiceSpec" },
      "core.v1.ServiceSpec": { ports: "[]core.v1.ServicePort", type: "=ClusterIP|NodePort" },
      "core.v1.ServicePort": { port: "integer", targetPort: "int-or-string" },
      "meta.v1.ObjectMeta": { labels: "{}string" },
    },
  });
});
