import { secretsRead } from "../../../../operations/releases/secrets-read";

test("pods read Secrets as variables, one by one or all, and as volumes; what is optional they start without", () => {
  const containers = [
    {
      envFrom: [{ secretRef: { name: "all" } }, { secretRef: { name: "perhaps", optional: true } }],
      env: [
        { name: "A", valueFrom: { secretKeyRef: { name: "one", key: "a" } } },
        { name: "B", valueFrom: { configMapKeyRef: { name: "none", key: "b" } } },
      ],
    },
  ];
  const volumes = [
    { name: "files", secret: { secretName: "files" } },
    { name: "data", emptyDir: {} },
  ];
  expect(secretsRead({ kind: "Deployment", spec: { template: { spec: { containers, volumes } } } })).toEqual([
    "all",
    "one",
    "files",
  ]);
});
