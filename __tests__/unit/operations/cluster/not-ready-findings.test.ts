import type { V1Pod } from "@kubernetes/client-node";
import type { NamespaceObjects } from "../../../../operations/cluster/namespace-objects";
import { notReadyFindings } from "../../../../operations/cluster/not-ready-findings";
import { reasonLines } from "../../../../operations/cluster/not-ready-reason";
import { rolloutLines } from "../../../../operations/deploy/rollout";

const nothing: NamespaceObjects = {
  pods: [],
  claims: [],
  replicaSets: [],
  statefulSets: [],
  jobs: [],
  services: [],
  events: [],
};

/** As much of an object as is looked at, in the words of the API. */
const objects = (found: {
  readonly [kind in keyof NamespaceObjects]?: readonly object[];
}): NamespaceObjects => ({ ...nothing, ...found }) as unknown as NamespaceObjects;

const unscheduled = (name: string, message: string) => ({
  metadata: { name, uid: name },
  spec: { containers: [{ resources: { requests: { memory: "8Gi" } } }] },
  status: {
    phase: "Pending",
    conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }],
  },
});

const waiting = (name: string, reason: string, message = "") => ({
  metadata: { name, uid: name, namespace: "ollama" },
  spec: { containers: [{ name: "main" }] },
  status: {
    phase: "Pending",
    containerStatuses: [
      { name: "main", image: "echo:1", ready: false, state: { waiting: { reason, message } } },
    ],
  },
});

const event = (uid: string, reason: string, message: string, second = 0) => ({
  metadata: {},
  involvedObject: { uid },
  reason,
  message,
  lastTimestamp: `2026-01-01T00:00:0${second}Z`,
});

const only = (found: Parameters<typeof objects>[0]) => notReadyFindings(objects(found))[0];

const ready = {
  metadata: { name: "ready" },
  status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
};

test("of two resources that are short both are named, with what the pod asks for", () => {
  const message =
    "0/2 nodes are available: 1 Insufficient memory, 1 Insufficient nvidia.com/gpu. no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found.";
  expect(only({ pods: [unscheduled("ollama", message)] })).toMatchObject({
    reason: "unschedulable: not enough memory, nvidia.com/gpu",
    detail:
      "it asks for 8Gi memory and more nvidia.com/gpu; 0/2 nodes are available: 1 Insufficient memory, 1 Insufficient nvidia.com/gpu",
  });
});

test("for parts of GPUs the way out is that of GPUs, and for claims one of their own", () => {
  const parts = "0/1 nodes are available: 1 Insufficient nvidia.com/mig-1g.5gb.";
  expect(only({ pods: [unscheduled("ollama", parts)] })).toMatchObject({
    reason: "unschedulable: not enough nvidia.com/mig-1g.5gb",
    next: expect.stringContaining("lower gpu.count"),
  });
  const claims =
    "0/2 nodes are available: 2 cannot allocate all claims. still not schedulable, preemption: …";
  expect(only({ pods: [unscheduled("ollama", claims)] })).toMatchObject({
    reason: "unschedulable: no node has the devices that it claims",
    next: expect.stringContaining("gpu.deviceClass"),
  });
});

test("pods that lack the same are one finding", () => {
  const pods = ["a", "b", "c"].map((name) =>
    unscheduled(name, "0/1 nodes are available: 1 Insufficient cpu."),
  );
  const found = notReadyFindings(objects({ pods }));
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({
    object: "Pod/a",
    detail: expect.stringMatching(/1 Insufficient cpu\. \(and 2 more like it\)$|\(and 2 more like it\)$/),
  });
});

test.each([
  ['Failed to pull image "echo:1": not found', "image not found"],
  ['Failed to pull image "echo:1": pull access denied', "image refused"],
  ['Failed to pull image "echo:1": dial tcp: i/o timeout', "image cannot be pulled"],
])("%s: %s", (message, reason) => {
  const events = [event("p", "BackOff", "Back-off pulling image", 2), event("p", "Failed", message, 1)];
  expect(only({ pods: [waiting("p", "ImagePullBackOff", "Back-off")], events })).toMatchObject({
    reason,
    detail: message,
  });
});

test("a container that used too much memory is told apart from one that crashed", () => {
  const pod = waiting("p", "CrashLoopBackOff");
  const status = { ...pod.status.containerStatuses[0], restartCount: 2 };
  const with_ = (terminated: object) =>
    only({
      pods: [
        { ...pod, status: { ...pod.status, containerStatuses: [{ ...status, lastState: { terminated } }] } },
      ],
    });
  expect(with_({ exitCode: 137, reason: "OOMKilled" })).toMatchObject({ reason: "out of memory" });
  expect(with_({ exitCode: 1, reason: "Error" })).toMatchObject({
    reason: "crash",
    logOf: { pod: "p", container: "main", previous: true },
  });
});

test("a missing Secret of a container is said in the words of the kubelet", () => {
  expect(
    only({ pods: [waiting("p", "CreateContainerConfigError", 'secret "chat" not found')] }),
  ).toMatchObject({
    reason: "container cannot be made",
    detail: 'main: secret "chat" not found',
  });
});

test("a pull that runs is told apart from one that failed, and models from images", () => {
  const pod = waiting("p", "ContainerCreating");
  const pulling = event("p", "Pulling", 'Pulling image "echo:1"', 1);
  expect(only({ pods: [pod], events: [pulling] })).toMatchObject({
    reason: "still pulling",
    detail: 'Pulling image "echo:1"',
  });
  const command = ["sh", "-c", "ollama pull tiny; ollama pull llama2:7b"];
  const hooked = {
    ...pod,
    spec: { containers: [{ name: "main", lifecycle: { postStart: { exec: { command } } } }] },
  };
  const started = [event("p", "Started", "Started container main", 3), event("p", "Pulled", "", 2), pulling];
  expect(only({ pods: [hooked], events: started })).toMatchObject({
    reason: "still pulling",
    detail: "tiny, llama2:7b, in the postStart hook of main",
  });
});

test("an init container that still runs is named, with its log; a sidecar is not taken for one", () => {
  const pod = (restartPolicy?: string) => ({
    metadata: { name: "p", uid: "p", namespace: "librechat" },
    spec: { initContainers: [{ name: "wait", restartPolicy }], containers: [{ name: "main" }] },
    status: {
      phase: "Pending",
      initContainerStatuses: [{ name: "wait", ready: false, state: { running: {} } }],
      containerStatuses: [{ name: "main", ready: false, state: { waiting: { reason: "PodInitializing" } } }],
    },
  });
  expect(only({ pods: [pod()] })).toMatchObject({
    reason: "still initializing",
    detail: expect.stringContaining("the init container wait runs") as string,
    logOf: { pod: "p", container: "wait", previous: false },
  });
  expect(only({ pods: [pod("Always")] })).toMatchObject({ reason: "not ready" });
});

test("a claim that waits for its pod is no reason, the pod is", () => {
  const claim = { metadata: { name: "models", uid: "c" }, status: { phase: "Pending" } };
  const found = notReadyFindings(
    objects({
      claims: [claim],
      events: [event("c", "WaitForFirstConsumer", "waiting for first consumer")],
      pods: [unscheduled("p", "0/1 nodes are available: 1 Insufficient cpu.")],
    }),
  );
  expect(found.map(({ object }) => object)).toEqual(["Pod/p"]);
});

test("the pods of a hook that failed are not said twice, and its log is that of the newest", () => {
  const pod = (name: string, second: number) => ({
    metadata: {
      name,
      creationTimestamp: `2026-01-01T00:00:0${second}Z`,
      ownerReferences: [{ kind: "Job", name: "migrate", uid: "j" }],
    },
    status: { phase: "Failed" },
  });
  const jobs = [
    {
      metadata: { name: "migrate", uid: "j", annotations: { "helm.sh/hook": "pre-upgrade" } },
      status: { conditions: [{ type: "Failed", status: "True", message: "it reached its backoff limit" }] },
    },
  ];
  const found = notReadyFindings(objects({ jobs, pods: [pod("old", 1), pod("new", 2)] }));
  expect(found).toMatchObject([{ object: "Job/migrate", reason: "hook failed", logOf: { pod: "new" } }]);
});

test("a load balancer without an address is said: Helm waits for it", () => {
  expect(only({ services: [{ metadata: { name: "chat" }, spec: { type: "LoadBalancer" } }] })).toMatchObject({
    object: "Service/chat",
    reason: "no address",
  });
});

test("what is ready, has done its work or is an old revision's is no finding", () => {
  const done = { metadata: { name: "done" }, status: { phase: "Succeeded" } } as V1Pod;
  expect(notReadyFindings(objects({ pods: [ready, done] }))).toEqual([]);
  expect(rolloutLines(objects({ pods: [ready, done] }))).toEqual(["1 of 1 pods ready"]);
});

test("the same state gives the same lines of progress", () => {
  const state = objects({ pods: [ready, waiting("p", "ContainerCreating")] });
  expect(rolloutLines(state)).toEqual(rolloutLines(state));
  expect(rolloutLines(state)).toEqual(["Pod/p: starting: nothing is known of it yet", "1 of 2 pods ready"]);
});

test("a reason reads as what, why, log and next step", () => {
  expect(
    reasonLines({ object: "Pod/p", reason: "crash", detail: "exit 1", next: "look", log: ["a", "b"] }),
  ).toEqual(["Pod/p: crash: exit 1", "  | a", "  | b", "  next: look"]);
});
