import type { V1Pod } from "@kubernetes/client-node";
import { type NamespaceObjects, nothing } from "../../../../operations/cluster/namespace-objects";
import { incurableFindings } from "../../../../operations/cluster/incurable";
import { newlyIncurable } from "../../../../operations/cluster/release-watch";
import { notReadyFindings } from "../../../../operations/cluster/not-ready-findings";
import { reasonLines } from "../../../../operations/cluster/not-ready-reason";
import { leavingLines, rolloutLines } from "../../../../operations/cluster/rollout";

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
    next: expect.stringMatching(/lower gpu.count .*; and .*lower resources.requests/),
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

test("an image that is pulled is told apart from one that cannot be, and from a postStart hook that runs", () => {
  const pod = waiting("p", "ContainerCreating");
  const pulling = event("p", "Pulling", 'Pulling image "echo:1"', 1);
  expect(only({ pods: [pod], events: [pulling] })).toMatchObject({
    reason: "still pulling",
    detail: 'Pulling image "echo:1"',
  });
  const command = ["sh", "-c", "warm-up"];
  const hooked = {
    ...pod,
    spec: { containers: [{ name: "main", lifecycle: { postStart: { exec: { command } } } }] },
  };
  const started = [event("p", "Started", "Started container main", 3), event("p", "Pulled", "", 2), pulling];
  expect(only({ pods: [hooked], events: started })).toMatchObject({
    reason: "postStart hook still runs",
    detail: "of the container main",
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

test("why a claim has no volume is not outrun by what is repeated of it", () => {
  const claim = {
    metadata: { name: "models", uid: "c" },
    spec: { storageClassName: "fast" },
    status: { phase: "Pending" },
  };
  const repeated = {
    ...event("c", "ExternalProvisioning", "Waiting for a volume to be created", 9),
    type: "Normal",
  };
  const said = (reason: string, message: string) => ({ ...event("c", reason, message, 1), type: "Warning" });
  const why = (warning: object) => only({ claims: [claim], events: [repeated, warning] });
  expect(
    why(said("ProvisioningFailed", "rpc error: code = ResourceExhausted desc = no space")),
  ).toMatchObject({
    reason: "claim unbound",
    detail: "? of StorageClass fast: rpc error: code = ResourceExhausted desc = no space",
  });
  expect(
    why(said("ProvisioningFailed", 'storageclass.storage.k8s.io "fast" not found'))?.incurable,
  ).toBeDefined();
  expect(only({ claims: [claim], events: [repeated] })?.detail).toContain("Waiting for a volume");
});

const replicaSet = (name: string, revision: number, readyReplicas = 0) => ({
  metadata: {
    name,
    uid: name,
    annotations: {
      "deployment.kubernetes.io/revision": String(revision),
      "meta.helm.sh/release-name": "chat",
    },
    ownerReferences: [{ kind: "Deployment", name: "chat", uid: "d" }],
  },
  spec: { replicas: 1 },
  status: { readyReplicas },
});

/** A pod as it is, of a ReplicaSet. */
const of = (owner: string, pod: { metadata: object }) => ({
  ...pod,
  metadata: { ...pod.metadata, ownerReferences: [{ kind: "ReplicaSet", name: owner, uid: owner }] },
});

test("pods of the revision before the last, and those that have a ready successor, keep nothing back", () => {
  const found = notReadyFindings(
    objects({
      replicaSets: [replicaSet("chat-1", 1), replicaSet("chat-2", 2, 1)],
      pods: [
        of("chat-1", waiting("chat-1-a", "ErrImagePull")),
        of("chat-2", {
          metadata: { name: "chat-2-a" },
          status: { phase: "Failed", reason: "Evicted" },
        } as never),
        of("chat-2", { ...ready, metadata: { name: "chat-2-b" } }),
      ],
    }),
  );
  expect(found).toEqual([]);
});

test.each([
  ["Preempted", "Preempted by pod 1a2b on node n1", "preempted"],
  ["Evicted", "The node was low on resource: memory.", "evicted"],
  ["TaintManagerEviction", "Marking for deletion Pod chat/chat-1-abcde", "lost with its node"],
])(
  "of a pod that is gone it is said why, before what its successor waits for: %s",
  (why, message, reason) => {
    const gone = {
      ...event("gone", why, message),
      involvedObject: { kind: "Pod", name: "chat-1-abcde", uid: "gone" },
    };
    const found = notReadyFindings(
      objects({
        replicaSets: [replicaSet("chat-1", 1)],
        pods: [of("chat-1", unscheduled("chat-1-b", "0/1 nodes are available: 1 Insufficient cpu."))],
        events: [gone],
      }),
    );
    expect(found.map((one) => `${one.object}: ${one.reason}`)).toEqual([
      `Pod/chat-1-abcde: ${reason}`,
      "Pod/chat-1-b: unschedulable: not enough cpu",
    ]);
  },
);

test("a pod of the revision before that a StatefulSet does not replace has to be deleted", () => {
  const set = (updateRevision: string) => ({
    metadata: { name: "db", uid: "s" },
    status: { updateRevision },
  });
  const pod = waiting("db-0", "ErrImagePull");
  const labels = { "controller-revision-hash": "db-1" };
  const ownerReferences = [{ kind: "StatefulSet", name: "db", uid: "s" }];
  const pods = [{ ...pod, metadata: { ...pod.metadata, labels, ownerReferences } }];
  expect(only({ pods, statefulSets: [set("db-2")] })?.next).toContain("kubectl -n ollama delete pod db-0");
  expect(only({ pods, statefulSets: [set("db-1")] })?.next).not.toContain("delete pod");
});

describe("what waiting does not cure", () => {
  const failed = event("p", "Failed", 'Failed to pull image "echo:1": not found', 3);
  const lost = of("chat-1", waiting("p", "ImagePullBackOff"));
  const replicaSets = [replicaSet("chat-1", 1)];
  const vain = (found: Parameters<typeof objects>[0], release = "chat") =>
    incurableFindings(objects(found), release).map(({ object }) => object);
  const crashing = (restartCount: number) => {
    const pod = waiting("c", "CrashLoopBackOff");
    const [status] = pod.status.containerStatuses;
    const end = { lastState: { terminated: { exitCode: 1, finishedAt: "2026-01-01T00:00:05Z" } } };
    return of("chat-1", {
      ...pod,
      status: { containerStatuses: [{ ...status, restartCount, ...end }] },
    } as never);
  };

  test("is an image that does not exist, of the release that is waited for alone", () => {
    expect(vain({ replicaSets, pods: [lost], events: [failed] })).toEqual(["Pod/p"]);
    expect(vain({ replicaSets, pods: [lost], events: [failed] }, "another")).toEqual([]);
    expect(vain({ pods: [waiting("p", "ImagePullBackOff")], events: [failed] })).toEqual([]);
  });

  test("is a hook of Helm whose image does not exist", () => {
    const hook = { metadata: { name: "migrate", uid: "j", annotations: { "helm.sh/hook": "pre-upgrade" } } };
    expect(
      vain({ jobs: [hook], pods: [of("j", waiting("p", "ImagePullBackOff"))], events: [failed] }),
    ).toEqual(["Pod/p"]);
  });

  test("is a crash-loop after 5 restarts, unless something else is still to come", () => {
    expect(vain({ replicaSets, pods: [crashing(5)] })).toEqual(["Pod/c"]);
    expect(vain({ replicaSets, pods: [crashing(4)] })).toEqual([]);
    expect(vain({ replicaSets, pods: [crashing(5), waiting("db", "ContainerCreating")] })).toEqual([]);
  });

  test("is a claim without a class, where a pod of the release mounts it", () => {
    const claims = [
      {
        metadata: { name: "models", uid: "k" },
        spec: { storageClassName: "fast" },
        status: { phase: "Pending" },
      },
    ];
    const events = [
      { ...event("k", "ProvisioningFailed", 'storageclass "fast" not found'), type: "Warning" },
    ];
    const volumes = [{ persistentVolumeClaim: { claimName: "models" } }];
    const pod = of("chat-1", { metadata: { name: "p" }, spec: { volumes } } as never);
    expect(vain({ replicaSets, claims, events, pods: [pod] })).toEqual(["PersistentVolumeClaim/models"]);
    expect(vain({ replicaSets, claims, events })).toEqual([]);
  });

  test("is a pod that Pod Security or a quota refuses, but not while others make room", () => {
    const refused = (message: string) => ({
      replicaSets,
      events: [event("chat-1", "FailedCreate", message)],
    });
    const quota = refused('Error creating: pods "x" is forbidden: exceeded quota: quota, requested: pods=1');
    const ending = { metadata: { name: "old", deletionTimestamp: "2026-01-01T00:00:00Z" } };
    expect(
      vain(refused('Error creating: pods "x" is forbidden: violates PodSecurity "baseline:latest"')),
    ).toEqual(["ReplicaSet/chat-1"]);
    expect(vain(quota)).toEqual(["ReplicaSet/chat-1"]);
    expect(vain({ ...quota, pods: [ending] })).toEqual([]);
    expect(vain(refused("Internal error occurred: failed calling webhook: connection refused"))).toEqual([]);
  });

  test("is new, or was tried again since: what stood there before may be what is being mended", () => {
    const at = (second: number) =>
      objects({
        replicaSets,
        pods: [lost],
        events: [{ ...failed, lastTimestamp: `2026-01-01T00:00:0${second}Z` }],
      });
    expect(newlyIncurable(at(3), at(3), "chat")).toEqual([]);
    expect(newlyIncurable(at(3), at(4), "chat")).toHaveLength(1);
    expect(newlyIncurable(nothing, at(3), "chat")).toHaveLength(1);
  });
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

test("what a schedule makes is nothing that is waited for, whatever became of it", () => {
  const job = (name: string, kind: string) => ({
    metadata: { name, uid: name, ownerReferences: [{ kind, name: "backup", uid: "b" }] },
    status: { conditions: [{ type: "Failed", status: "True", message: "it reached its backoff limit" }] },
  });
  const pods = [
    {
      ...waiting("p", "ImagePullBackOff"),
      metadata: { name: "p", ownerReferences: [{ uid: "last-night" }] },
    },
  ];
  expect(notReadyFindings(objects({ pods, jobs: [job("last-night", "CronJob")] }))).toEqual([]);
  expect(notReadyFindings(objects({ pods, jobs: [job("last-night", "Other")] }))).not.toEqual([]);
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

test("what is taken away has pods that are still there, and none of them is ready", () => {
  expect(leavingLines(objects({ pods: [ready] }))).toEqual(["1 pod is still there"]);
  expect(leavingLines(objects({ pods: [ready, waiting("p", "ContainerCreating")] }))).toEqual([
    "2 pods are still there",
  ]);
  expect(leavingLines(objects({}))).toEqual([]);
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
