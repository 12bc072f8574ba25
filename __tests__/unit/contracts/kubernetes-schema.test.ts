import { kubernetesFaults, kubernetesSchema, scalarFits, typeAt } from "../../../contracts/kubernetes-schema";

const faults = (type: string, value: unknown) =>
  kubernetesFaults(kubernetesSchema(), type, value).map(({ path, fault }) => `${path.join(".")}: ${fault}`);

test("the schema is of the Kubernetes that the sandbox runs", () => {
  expect(kubernetesSchema().version).toMatch(/^v1\.35\./);
});

test("a place in an object has a type", () => {
  const place = ["spec", "template", "spec", "containers", "[]", "resources"];
  expect(typeAt(kubernetesSchema(), "apps/v1", "Deployment", place)).toBe("core.v1.ResourceRequirements");
  expect(typeAt(kubernetesSchema(), "v1", "ConfigMap", ["data", "a"])).toBe("string");
  expect(typeAt(kubernetesSchema(), "v1", "ConfigMap", ["dta"])).toBeUndefined();
});

test.each([
  [
    "core.v1.ResourceRequirements",
    { requests: { cpu: "2", memory: "8Gi" }, limits: { "nvidia.com/gpu": 1 } },
  ],
  ["core.v1.Probe", { httpGet: { path: "/health", port: 3080 }, periodSeconds: 10 }],
  ["core.v1.SecurityContext", { runAsNonRoot: true, capabilities: { drop: ["ALL"] } }],
  ["[]core.v1.Toleration", [{ key: "a", operator: "Exists", effect: "NoSchedule" }]],
  [
    "core.v1.Affinity",
    { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } },
  ],
  ["[]core.v1.HostAlias", [{ ip: "10.0.0.1", hostnames: ["a"] }]],
  ["[]core.v1.Volume", [{ name: "a", persistentVolumeClaim: { claimName: "a" } }]],
  ["[]core.v1.EnvVar", [{ name: "A", valueFrom: { secretKeyRef: { name: "a", key: "b" } } }]],
  [
    "networking.v1.IngressRule",
    { host: "a", http: { paths: [{ path: "/", pathType: "Prefix", backend: { service: { name: "a" } } }] } },
  ],
  ["apps.v1.DeploymentStrategy", { type: "Recreate" }],
])("%s takes %j", (type, value) => {
  expect(faults(type, value)).toEqual([]);
});

test.each([
  ["core.v1.ResourceRequirements", { request: { cpu: "2" } }, "request: unknown"],
  ["core.v1.ResourceRequirements", { limits: { memory: "16 GB" } }, "limits.memory: type"],
  ["core.v1.Probe", { httpget: {} }, "httpget: unknown"],
  ["core.v1.Probe", { initialDelaySeconds: "60" }, "initialDelaySeconds: type"],
  ["core.v1.SecurityContext", { capabilities: { drop: "ALL" } }, "capabilities.drop: type"],
  ["[]core.v1.Toleration", { key: "a" }, ": type"],
  ["[]core.v1.Toleration", [{ effect: "NoScheduling" }], "0.effect: type"],
  ["core.v1.Affinity", { nodeAffinty: {} }, "nodeAffinty: unknown"],
  ["[]core.v1.HostAlias", [{ ip: "10.0.0.1", hosts: [] }], "0.hosts: unknown"],
  ["[]core.v1.EnvVar", [{ name: "A", value: 1 }], "0.value: type"],
  [
    "networking.v1.IngressRule",
    { http: { paths: [{ pathtype: "Prefix" }] } },
    "http.paths.0.pathtype: unknown",
  ],
  ["apps.v1.DeploymentStrategy", { type: "Rolling" }, "type: type"],
  ["{}string", { a: 1 }, "a: type"],
])("fails on %s with %j", (type, value, fault) => {
  expect(faults(type, value)).toEqual([fault]);
});

test.each(["2", 2, 0.5, "500m", "4Gi", "1.5Gi", "1e3", "10M"])("%j is a quantity", (value) => {
  expect(scalarFits("quantity", value)).toBe(true);
});

test.each(["4GB", "4 Gi", "", "four", true])("%j is no quantity", (value) => {
  expect(scalarFits("quantity", value)).toBe(false);
});
