import { referenced } from "../../../../operations/drift/referenced";

test("what pods, volumes and ingresses name of their namespace is known, and no other name is", () => {
  const container = {
    name: "web",
    envFrom: [{ secretRef: { name: "all" } }, { configMapRef: { name: "settings" } }],
    env: [{ name: "A", valueFrom: { secretKeyRef: { name: "one", key: "a" } } }],
  };
  const volumes = [
    { name: "files", secret: { secretName: "files" } },
    { name: "both", projected: { sources: [{ secret: { name: "projected" } }] } },
    { name: "data", persistentVolumeClaim: { claimName: "data" } },
  ];
  const spec = {
    serviceAccountName: "web",
    imagePullSecrets: [{ name: "pull" }],
    containers: [container],
    volumes,
  };
  expect(referenced({ metadata: { name: "chat" }, spec: { template: { spec } } })).toEqual([
    "ServiceAccount/web",
    "Secret/pull",
    "Secret/all",
    "ConfigMap/settings",
    "Secret/one",
    "Secret/files",
    "Secret/projected",
    "PersistentVolumeClaim/data",
  ]);
  expect(referenced({ spec: { tls: [{ hosts: ["a"], secretName: "tls" }] } })).toEqual(["Secret/tls"]);
});
