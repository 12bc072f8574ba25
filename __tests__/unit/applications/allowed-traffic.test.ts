import { allowedTraffic } from "../../../applications/allowed-traffic";
import type { Application } from "../../../applications/application";
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
  const always = ["ingress-to-librechat", "librechat-to-mongodb", "librechat-to-meilisearch"];
  expect(allowedTraffic(librechat, [], "ingress-nginx", values).map(({ policy }) => policy)).toEqual([
    ...always,
    ...policies,
  ]);
});
