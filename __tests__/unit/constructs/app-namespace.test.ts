import { AppNamespace, type AppNamespaceProps } from "../../../constructs/app-namespace";
import { platformLabels } from "../../../settings/platform-labels";
import { synthesizeStack } from "../synthesize";

const props: AppNamespaceProps = {
  name: "sample",
  environment: "test",
  component: "model-server",
  quota: { cpu: "8", memory: "1.5Gi", storage: "100Gi", pods: 10 },
  access: { view: "viewers", edit: "editors" },
};

function resources(more: Partial<AppNamespaceProps> = {}, use: (namespace: AppNamespace) => void = () => {}) {
  const { resource } = synthesizeStack((stack) =>
    use(new AppNamespace(stack, "sample", { ...props, ...more })),
  );
  return (type: string) => Object.values(resource?.[type] ?? {});
}

const sample = synthesizeStack((stack) => {
  const namespace = new AppNamespace(stack, "sample", props);
  namespace.allow("web-to-sample", {
    to: { app: "s" },
    port: 80,
    from: { namespace: "web", labels: { app: "w" } },
  });
});
const objects = Object.entries(sample.resource ?? {}).flatMap(([type, named]) =>
  Object.entries(named).map(([id, block]) => [`${type}.${id}`, block] as const),
);

test.each(objects)("%s of a namespace looks like this", (_address, { metadata, ...block }) => {
  const { labels, ...named } = metadata as { labels: object };
  expect(labels).toMatchObject(
    platformLabels({ name: "sample", environment: "test", component: "model-server" }),
  );
  expect({ metadata: named, ...block }).toMatchSnapshot();
});

test.each([
  ["restricted", {}],
  ["baseline, where that is said", { podSecurity: "baseline" as const }],
])(
  "Pod Security refuses what is worse than %s, and warns of what is worse than restricted",
  (level, more) => {
    expect(resources(more)("kubernetes_namespace_v1")).toEqual([
      expect.objectContaining({
        metadata: {
          name: "sample",
          labels: expect.objectContaining({
            "pod-security.kubernetes.io/enforce": level.split(",")[0],
            "pod-security.kubernetes.io/warn": "restricted",
          }),
        },
      }),
    ]);
  },
);

test("nobody is let in or out by default, but to ask for names", () => {
  expect(resources()("kubernetes_network_policy_v1")).toEqual([
    expect.objectContaining({ spec: { pod_selector: {}, policy_types: ["Ingress", "Egress"] } }),
    expect.objectContaining({
      spec: {
        pod_selector: {},
        policy_types: ["Egress"],
        egress: [
          {
            to: [
              { namespace_selector: { match_labels: { "kubernetes.io/metadata.name": "kube-system" } } },
              { ip_block: { cidr: "169.254.20.10/32" } },
            ],
            ports: [
              { port: "53", protocol: "UDP" },
              { port: "53", protocol: "TCP" },
            ],
          },
        ],
      },
    }),
  ]);
});

test("pods of a whole namespace can be let in", () => {
  const policies = resources({}, (namespace) =>
    namespace.allow("web-to-sample", { to: { app: "s" }, port: 80, from: { namespace: "web" } }),
  )("kubernetes_network_policy_v1");
  expect(policies).toContainEqual(
    expect.objectContaining({
      spec: {
        pod_selector: { match_labels: { app: "s" } },
        policy_types: ["Ingress"],
        ingress: [
          {
            from: [{ namespace_selector: { match_labels: { "kubernetes.io/metadata.name": "web" } } }],
            ports: [{ port: "80", protocol: "TCP" }],
          },
        ],
      },
    }),
  );
});

test("pods can be let out, to others and to addresses", () => {
  const policies = resources({}, (namespace) =>
    namespace.letOut("sample-egress", {
      from: { app: "s" },
      destinations: [
        { to: { namespace: "web", labels: { app: "w" } }, ports: [80] },
        { to: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] }, ports: [443] },
      ],
    }),
  )("kubernetes_network_policy_v1");
  expect(policies.at(-1)).toMatchObject({
    spec: {
      pod_selector: { match_labels: { app: "s" } },
      policy_types: ["Egress"],
      egress: [
        {
          to: [
            {
              namespace_selector: { match_labels: { "kubernetes.io/metadata.name": "web" } },
              pod_selector: { match_labels: { app: "w" } },
            },
          ],
          ports: [{ port: "80", protocol: "TCP" }],
        },
        {
          to: [{ ip_block: { cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] } }],
          ports: [{ port: "443", protocol: "TCP" }],
        },
      ],
    },
  });
});

test("no pod gets a GPU unless a number is given", () => {
  const gpus = {
    "requests.nvidia.com/gpu": "0",
    "requests.amd.com/gpu": "0",
    "count/resourceclaims.resource.k8s.io": "0",
  };
  expect(resources()("kubernetes_resource_quota_v1")).toMatchObject([{ spec: { hard: gpus } }]);
  expect(resources({ gpus: { "amd.com/gpu": 2 } })("kubernetes_resource_quota_v1")).toMatchObject([
    { spec: { hard: { "requests.amd.com/gpu": "2" } } },
  ]);
});

test("pods claim as many devices of a class as are given, or what a template says", () => {
  const hard = (deviceClaim: AppNamespaceProps["deviceClaim"]) =>
    resources({ deviceClaim })("kubernetes_resource_quota_v1");
  expect(hard({ deviceClass: "gpu.nvidia.com", count: 2 })).toMatchObject([
    {
      spec: {
        hard: {
          "count/resourceclaims.resource.k8s.io": "10",
          "gpu.nvidia.com.deviceclass.resource.k8s.io/devices": "2",
        },
      },
    },
  ]);
  expect(hard({ count: 1 })).toMatchObject([
    { spec: { hard: { "count/resourceclaims.resource.k8s.io": "10" } } },
  ]);
});

test("memory limits may add up to twice what is requested", () => {
  expect(resources()("kubernetes_resource_quota_v1")).toMatchObject([
    { spec: { hard: { "requests.memory": "1.5Gi", "limits.memory": "3Gi" } } },
  ]);
});

test("a container that states nothing gets requests and limits of memory and disk before the quota counts it", () => {
  const of = resources();
  expect(of("kubernetes_limit_range_v1")).toMatchObject([
    {
      spec: {
        limit: [
          {
            type: "Container",
            default: { memory: "256Mi", "ephemeral-storage": "1Gi" },
            default_request: { cpu: "50m", memory: "64Mi", "ephemeral-storage": "128Mi" },
          },
        ],
      },
    },
  ]);
  expect(of("kubernetes_resource_quota_v1")).toMatchObject([
    { depends_on: [expect.stringMatching(/^kubernetes_limit_range_v1\./)] },
  ]);
});

test("each group gets one role of Kubernetes' own, in this namespace alone", () => {
  const bindings = resources()("kubernetes_role_binding_v1").map(({ role_ref, subject, metadata }) => ({
    role_ref,
    subject,
    metadata,
  }));
  const binding = (role: string, group: string) => ({
    metadata: expect.objectContaining({ namespace: "sample" }),
    role_ref: { api_group: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
    subject: [{ api_group: "rbac.authorization.k8s.io", kind: "Group", name: group, namespace: "" }],
  });
  expect(bindings).toEqual([binding("edit", "editors"), binding("view", "viewers")]);
});
