import { computeCheck, gpuChecks } from "../../../../operations/doctor/capacity";
import type { V1Node } from "@kubernetes/client-node";
import type { ClusterFacts } from "../../../../operations/doctor/cluster-facts";
import type { PodRequest } from "../../../../operations/doctor/requests";
import { loadEnvironment } from "../../../../applications/load-environment";
import { repository } from "../../sample-repository";

const gi = 2 ** 30;
const own = ["ollama", "librechat"];

const node = (
  name: string,
  spec: V1Node["spec"] = {},
  {
    ready = "True",
    allocatable = { cpu: "4", memory: "8Gi" },
  }: { ready?: string; allocatable?: object } = {},
): V1Node => ({
  metadata: { name },
  spec,
  status: {
    conditions: [{ type: "Ready", status: ready }],
    allocatable: allocatable as { [resource: string]: string },
  },
});

const facts = (
  nodes: readonly V1Node[],
  more: Partial<ClusterFacts> = {},
): Pick<ClusterFacts, "nodes" | "pods" | "autoscaled"> => ({
  nodes: { value: nodes },
  pods: { value: [] },
  autoscaled: false,
  ...more,
});

const pod = (name: string, cpu: number, memory: number, more: Partial<PodRequest> = {}): PodRequest => ({
  name,
  namespace: "ollama",
  replicas: 1,
  requests: { cpu, memory: memory * gi },
  memoryLimitBytes: memory * gi,
  tolerates: [],
  ...more,
});

describe("CPU and memory", () => {
  const result = (...args: [ReturnType<typeof facts>, readonly PodRequest[]]): string =>
    computeCheck(...args, own, loadEnvironment(repository, "minikube")).result;

  test("two halves of a pod's memory on two nodes are no place for it", () => {
    expect(result(facts([node("a"), node("b")]), [pod("large", 1, 12)])).toBe("failed");
    expect(result(facts([node("a"), node("b")]), [pod("one", 1, 6), pod("two", 1, 6)])).toBe("ok");
    expect(result(facts([node("a")]), [pod("one", 1, 6), pod("two", 1, 6)])).toBe("failed");
    expect(result(facts([node("a")]), [pod("three", 1, 3, { replicas: 3 })])).toBe("failed");
  });

  test("what others' pods hold is not free, and what the platform's own hold is", () => {
    const held = (namespace: string): Partial<ClusterFacts> => ({
      pods: {
        value: [
          {
            metadata: { namespace },
            spec: {
              nodeName: "a",
              containers: [
                { name: "one", resources: { requests: { cpu: "1" } } },
                { name: "two", resources: { requests: { memory: "6Gi" } } },
              ],
            },
          },
        ],
      },
    });
    expect(result(facts([node("a")], held("others")), [pod("one", 1, 4)])).toBe("failed");
    expect(result(facts([node("a")], held("ollama")), [pod("one", 1, 4)])).toBe("ok");
  });

  test("a node that is cordoned, not ready or tainted takes no pods, unless they tolerate the taint", () => {
    const tainted = node("a", { taints: [{ key: "nvidia.com/gpu", effect: "NoSchedule" }] });
    const wishful = node("a", { taints: [{ key: "spot", effect: "PreferNoSchedule" }] });
    expect(result(facts([node("a", { unschedulable: true })]), [pod("one", 1, 1)])).toBe("failed");
    expect(result(facts([node("a", {}, { ready: "False" })]), [pod("one", 1, 1)])).toBe("failed");
    expect(result(facts([tainted]), [pod("one", 1, 1)])).toBe("failed");
    expect(result(facts([tainted]), [pod("one", 1, 1, { tolerates: ["nvidia.com/gpu"] })])).toBe("ok");
    expect(result(facts([wishful]), [pod("one", 1, 1)])).toBe("ok");
  });

  test("where nodes are added by themselves it is a warning", () => {
    expect(result(facts([node("a")], { autoscaled: true }), [pod("large", 1, 12)])).toBe("warning");
  });

  test("what the user may not see is not checked", () => {
    expect(result(facts([node("a")], { pods: { refused: "no" } }), [pod("one", 1, 1)])).toBe("not checked");
  });

  test("says what was asked for and what there is at the most", () => {
    const minikube = loadEnvironment(repository, "minikube");
    expect(computeCheck(facts([node("a")]), [pod("large", 1, 12)], own, minikube).found).toBe(
      "no node has 1 CPUs and 12Gi of memory free for a pod of large (4 CPUs and 8Gi of memory at the most)",
    );
    // In another namespace than its name says, and in a subchart.
    const database = pod("notes.database", 1, 12, { namespace: "elsewhere" });
    expect(computeCheck(facts([node("a")]), [database], own, minikube).fix).toContain(
      "lower database.resources.requests in values/notes.yaml",
    );
    const closed = [
      node("a", { taints: [{ key: "held", effect: "NoSchedule" }] }),
      node("b", { unschedulable: true }),
      node("c", {}, { ready: "False" }),
    ];
    expect(computeCheck(facts(closed), [pod("one", 1, 1)], own, minikube).found).toBe(
      "no node takes a pod of one: a has the taint held; b is cordoned; c is not ready",
    );
  });
});

describe("GPUs", () => {
  const minikube = loadEnvironment(repository, "minikube");
  const asking = (count: number, type: "nvidia" | "amd" = "nvidia") => ({
    ...minikube,
    applications: { ollama: { models: ["llama2"], gpu: { count, type } } },
  });
  const gpus = (name: string, count: string, resource = "nvidia.com/gpu") =>
    node(name, {}, { allocatable: { cpu: "4", [resource]: count } });

  test("those of two nodes do not add up", () => {
    expect(gpuChecks(facts([gpus("a", "1"), gpus("b", "1")]), asking(2), own)).toMatchObject([
      { result: "failed", found: "1 allocatable on one node, 2 asked for" },
    ]);
  });

  test("none at all: the command is minikube's, or the CPU", () => {
    const [check] = gpuChecks(facts([node("a")]), asking(1), own);
    expect(check).toMatchObject({ result: "failed", found: "0 allocatable on one node, 1 asked for" });
    expect(check?.fix).toMatch(
      /minikube start .*--gpus all.*lower applications\.ollama\.gpu\.count in environments\/minikube\.yaml to 0/s,
    );
  });

  test("AMD's are another resource", () => {
    const amd = facts([gpus("a", "1", "amd.com/gpu")]);
    expect(gpuChecks(amd, asking(1, "amd"), own)).toMatchObject([{ result: "ok", name: "amd.com/gpu" }]);
    expect(gpuChecks(amd, asking(1), own)).toMatchObject([{ result: "failed" }]);
  });

  test("parts of one are a resource of their own, and what the nodes have instead is named", () => {
    const part = "nvidia.com/mig-1g.5gb";
    const parts = facts([gpus("a", "4", part)]);
    const wanting = {
      ...minikube,
      applications: { ollama: { models: ["llama2"], gpu: { count: 2, resource: part } } },
    };
    expect(gpuChecks(parts, wanting, own)).toMatchObject([{ result: "ok", name: part }]);
    expect(gpuChecks(parts, asking(1), own)).toMatchObject([
      {
        result: "failed",
        fix: expect.stringContaining(`the nodes have ${part}: name it in applications.ollama.gpu.resource`),
      },
    ]);
  });

  test("what is claimed is no resource of a node", () => {
    const claiming = {
      ...minikube,
      applications: { ollama: { models: ["llama2"], gpu: { count: 1, deviceClass: "gpu.nvidia.com" } } },
    };
    expect(gpuChecks(facts([node("a")]), claiming, own)).toEqual([]);
  });

  test("what one release takes another one cannot have", () => {
    const small = { application: "ollama", models: ["llama2"], gpu: { count: 1 } };
    const two = { ...minikube, applications: { ollama: { ...small, application: undefined }, small } };
    const ours = { pods: { value: [] } };
    const [first, second] = gpuChecks(facts([gpus("a", "1")], ours), two, own);
    expect(first).toMatchObject({ result: "ok", name: "nvidia.com/gpu of ollama" });
    expect(second).toMatchObject({
      result: "failed",
      name: "nvidia.com/gpu of small",
      found:
        "0 free on one node, 1 asked for: the others are held by release ollama, or the node takes no pods",
      fix: expect.stringContaining("lower applications.small.gpu.count in environments/minikube.yaml"),
    });
    expect(gpuChecks(facts([gpus("a", "2")]), two, own)).toMatchObject([{ result: "ok" }, { result: "ok" }]);
  });

  test("nothing is looked at where none is asked for", () => {
    expect(gpuChecks(facts([node("a")]), asking(0), own)).toEqual([]);
  });
});
