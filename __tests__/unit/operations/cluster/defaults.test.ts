import { isDefault } from "../../../../operations/cluster/defaults";

test("what the API server fills in by itself is told from what it was told", () => {
  const filled: [string, unknown][] = [
    ["strategy", { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" } }],
    ["clusterIPs", ["10.0.0.1"]],
    ["finalizers", ["kubernetes.io/pvc-protection"]],
    ["securityContext", {}],
  ];
  const told: [string, unknown][] = [
    ["strategy", { type: "Recreate" }],
    ["securityContext", { runAsUser: 0 }],
    ["finalizers", ["kubernetes.io/pvc-protection", "a.example/b"]],
    ["ingress", [{}]],
    ["namespaceSelector", {}],
    ["terminationGracePeriodSeconds", 0],
    ["automountServiceAccountToken", false],
  ];
  expect([...filled, ...told].map(([name, value]) => isDefault(name, value))).toEqual([
    ...filled.map(() => true),
    ...told.map(() => false),
  ]);
});
