import { planOf } from "../../../../operations/doctor/plan";
import { podRequests } from "../../../../operations/doctor/requests";
import { loadSettings } from "../../../../applications/load-settings";
import { repository } from "../../sample-repository";

const gi = 2 ** 30;
const mi = 2 ** 20;

test("the pods of an environment are those that the charts render, with the requests of the values", () => {
  const { pods, namespaces } = planOf(loadSettings(repository, { ENVIRONMENT: "minikube" }));
  expect(namespaces).toEqual(["ollama", "librechat"]);
  expect(pods.map(({ name, requests, memoryLimitBytes }) => [name, requests, memoryLimitBytes])).toEqual([
    ["ollama", { cpu: 2, memory: 8 * gi, "nvidia.com/gpu": 1 }, 16 * gi],
    ["librechat", { cpu: 0.1, memory: 512 * mi }, 1.5 * gi],
    ["librechat.mongodb", { cpu: 0.1, memory: 256 * mi }, gi],
    ["librechat.meilisearch", { cpu: 0.05, memory: 128 * mi }, 512 * mi],
  ]);
  expect(pods[0]?.tolerates).toContain("nvidia.com/gpu");
});

test("an overlay of an environment counts, and no GPU is asked for where there is none", () => {
  const { pods } = planOf(loadSettings(repository, { ENVIRONMENT: "minikube-cpu" }));
  expect(pods[0]).toMatchObject({ name: "ollama", requests: { cpu: 1, memory: 2 * gi } });
  expect(pods[0]?.requests).not.toHaveProperty("nvidia.com/gpu");
});

test("what is switched off makes no pod, and replicas count", () => {
  const pods = podRequests({
    release: "app",
    namespace: "app",
    values: {
      replicaCount: 3,
      database: { enabled: false, resources: { requests: { cpu: "4" } } },
      cache: { resources: { limits: { memory: "1Gi" } } },
    },
  });
  expect(pods.map(({ name, replicas }) => [name, replicas])).toEqual([
    ["app", 3],
    ["app.cache", 1],
  ]);
  // A limit is the request where none is made; what says nothing gets the defaults of the namespace.
  expect(pods[1]?.requests).toEqual({ cpu: 0.05, memory: gi });
  expect(pods[0]).toMatchObject({ requests: { cpu: 0.05, memory: 64 * mi }, memoryLimitBytes: 256 * mi });
});

test("a container that runs before the others counts where it is larger than they are", () => {
  const wait = {
    image: "a:1",
    resources: { requests: { cpu: "2", memory: "1Mi" }, limits: { memory: "9Gi" } },
  };
  expect(
    podRequests({ release: "sample", namespace: "sample", values: { initContainers: { wait } } }),
  ).toEqual([
    expect.objectContaining({
      name: "sample",
      requests: { cpu: 2, memory: 64 * mi },
      memoryLimitBytes: 9 * gi,
    }),
  ]);
});
