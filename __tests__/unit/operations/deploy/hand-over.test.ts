import { handOverJob, mountingOf } from "../../../../operations/deploy/hand-over";

const due = { release: "models", namespace: "models", claim: "models", user: 1000 };
const pod = {
  tolerations: [{ key: "nvidia.com/gpu", operator: "Exists" }],
  initContainers: [{ name: "first", image: "other:1", volumeMounts: [{ name: "data", mountPath: "/x" }] }],
  containers: [
    { name: "beside", image: "beside:1" },
    {
      name: "server",
      image: "server:1",
      env: [{ name: "A", value: "b" }],
      resources: { limits: { "nvidia.com/gpu": "1" } },
      volumeMounts: [{ name: "data", mountPath: "/data", subPath: "deep" }],
    },
  ],
  volumes: [
    { name: "data", persistentVolumeClaim: { claimName: "models" } },
    { name: "tmp", emptyDir: {} },
  ],
};
const objects = [
  { apiVersion: "v1", kind: "Service", metadata: { name: "models" } },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "models" },
    spec: { template: { spec: pod } },
  },
];

test("a claim is handed over where the pods that mount it run, of their image, without what else they have", () => {
  const mounting = mountingOf(objects, "models");
  expect(mounting?.object.kind).toBe("Deployment");
  const { metadata, spec } = handOverJob(due, mounting!, 600);
  expect([metadata?.name, metadata?.namespace, spec?.activeDeadlineSeconds]).toEqual([
    ...["hand-over-models", "models"],
    600,
  ]);
  expect(spec?.template.spec).toEqual({
    tolerations: pod.tolerations,
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    securityContext: { runAsUser: 0, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "hand-over",
        image: "server:1",
        command: ["/bin/sh", "-c", expect.stringContaining("chown -Rh 1000:1000 /claim")],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"], add: ["CHOWN", "DAC_OVERRIDE"] },
        },
        volumeMounts: [{ name: "data", mountPath: "/claim", subPath: "deep" }],
      },
    ],
    volumes: [pod.volumes[0]],
  });
});

test("a claim that no pod mounts is not handed over", () => {
  expect(mountingOf(objects, "other")).toBeUndefined();
});
