import { allowedTraffic, outgoingTraffic } from "../../../applications/allowed-traffic";
import type { Application } from "../../../applications/application";
import { registries } from "../../../applications/ollama/registries";
import { loadEnvironment } from "../../../applications/load-environment";
import { releaseOf } from "../release-of";
import { repository } from "../sample-repository";

const librechat = releaseOf(loadEnvironment(repository, "minikube"), "librechat");

/** What reaches LibreChat if it said this of its own pods. */
const reached = (within: ReturnType<NonNullable<Application["within"]>>) =>
  allowedTraffic(
    { ...librechat, application: { ...librechat.application, within: () => within } },
    [],
    "ingress-nginx",
  );

test("pods that are named are reached at their port, by those that are named alone", () => {
  expect(reached([["web", "mongodb"]])).toContainEqual({
    policy: "librechat-to-mongodb",
    release: "librechat",
    namespace: "librechat",
    to: { "app.kubernetes.io/name": "mongodb", "app.kubernetes.io/instance": "librechat" },
    port: 27017,
    from: {
      namespace: "librechat",
      labels: { "app.kubernetes.io/name": "librechat-librechat", "app.kubernetes.io/instance": "librechat" },
    },
  });
});

test.each([
  ["reached", ["web", "mongo"]],
  ["reaching", ["mongo", "web"]],
] as const)(
  "fails where the pods that are %s are none of the application, which would be all",
  (_end, pair) => {
    expect(() => reached([pair])).toThrow(
      "within of the application librechat: found mongo, which is none of its pods (there are: web, mongodb, meilisearch, redis, librechat-rag-api, librechat-rag-api.postgresql, langfuseFanout)",
    );
  },
);

test.each([
  [
    "the RAG API",
    { "librechat-rag-api": { enabled: true } },
    ["librechat-to-librechat-rag-api", "librechat-librechat-rag-api-to-librechat-rag-api-postgresql"],
  ],
  ["the fan-out to Langfuse", { langfuseFanout: { enabled: true } }, ["librechat-to-langfuse-fanout"]],
  ["Redis", { redis: { enabled: true } }, ["librechat-to-redis", "librechat-redis-to-redis"]],
  [
    "the fan-out with its Redis",
    { redis: { enabled: true }, langfuseFanout: { enabled: true } },
    [
      "librechat-to-redis",
      "librechat-redis-to-redis",
      "librechat-to-langfuse-fanout",
      "librechat-langfuse-fanout-to-redis",
    ],
  ],
  ["neither, where they are off", { redis: { enabled: false }, langfuseFanout: {} }, []],
])("LibreChat reaches %s where its values switch it on", (_what, values, policies) => {
  const always = [
    "ingress-to-librechat",
    "librechat-to-mongodb",
    "librechat-to-meilisearch",
    "librechat-backup-to-mongodb",
  ];
  expect(allowedTraffic(librechat, [], "ingress-nginx", values).map(({ policy }) => policy)).toEqual([
    ...always,
    ...policies,
  ]);
});

describe("what pods reach", () => {
  const web = { "app.kubernetes.io/name": "librechat-librechat", "app.kubernetes.io/instance": "librechat" };
  const mongodb = { "app.kubernetes.io/name": "mongodb", "app.kubernetes.io/instance": "librechat" };
  const egress = (own: object[]) =>
    outgoingTraffic(
      { ...librechat, own: { ...librechat.own, egress: own as typeof librechat.own.egress } },
      allowedTraffic(librechat, [], "ingress-nginx").filter(
        ({ policy }) => policy === "librechat-to-mongodb",
      ),
    );
  const database = { to: { namespace: "librechat", labels: mongodb }, ports: [27017] };

  test("is whatever lets them in, and what the environment names", () => {
    expect(egress([])).toEqual([{ policy: "librechat-egress", from: web, destinations: [database] }]);
    expect(
      egress([
        { cidr: "203.0.113.0/24", ports: [443] },
        { namespace: "proxy", ports: [3128] },
      ]),
    ).toEqual([
      {
        policy: "librechat-egress",
        from: web,
        destinations: [
          database,
          { to: { cidr: "203.0.113.0/24" }, ports: [443] },
          { to: { namespace: "proxy" }, ports: [3128] },
        ],
      },
    ]);
  });

  test("is said of others than the first by their name", () => {
    expect(egress([{ cidr: "203.0.113.0/24", ports: [443], pods: "mongodb" }])[1]).toEqual({
      policy: "librechat-mongodb-egress",
      from: mongodb,
      destinations: [{ to: { cidr: "203.0.113.0/24" }, ports: [443] }],
    });
  });

  test.each([
    [
      "the library's",
      ["llama2:latest"],
      [
        ["0.0.0.0/0", true, 443],
        ["::/0", true, 443],
      ],
    ],
    [
      "a registry's",
      ["registry.local:5000/team/llama:8b"],
      [
        ["0.0.0.0/0", false, 5000],
        ["::/0", false, 5000],
      ],
    ],
    [
      "a registry's, without a port",
      ["hf.co/team/llama:8b"],
      [
        ["0.0.0.0/0", false, 443],
        ["::/0", false, 443],
      ],
    ],
  ])("is where models are pulled from: %s", (_what, models, expected) => {
    const found = registries(models).map(({ to, ports }) => [
      "cidr" in to && to.cidr,
      "except" in to,
      ...ports,
    ]);
    expect(found).toEqual(expected);
  });
});
