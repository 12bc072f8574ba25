import type { V1Node, V1Pod } from "@kubernetes/client-node";
import { podNotReady } from "../../../../operations/cluster/pod-not-ready";

const event = (reason: string, message: string, second = 5, container = "main") => ({
  metadata: {},
  involvedObject: { uid: "p", fieldPath: `spec.containers{${container}}` },
  reason,
  message,
  lastTimestamp: `2026-01-01T00:00:0${second}Z`,
});

const node = (status: object = {}, spec: object = {}) => ({
  metadata: { name: "n1" },
  spec,
  status: { conditions: [{ type: "Ready", status: "True" }], ...status },
});

/** Why a pod is not ready, in the words of the API. */
function why(
  pod: { spec?: object; status?: object; metadata?: object },
  events: object[] = [],
  nodes: object[] = [],
) {
  const whole = {
    metadata: { name: "p", uid: "p", namespace: "chat", ...pod.metadata },
    spec: { containers: [{ name: "main", resources: { limits: { memory: "1Gi" } } }], ...pod.spec },
    status: { phase: "Running", ...pod.status },
  };
  return podNotReady(whole as unknown as V1Pod, {
    events: events as never,
    nodes: nodes as unknown as V1Node[],
  });
}

/** A container that was ended and is started again. */
const restarted = (terminated: object, restartCount = 2, spec: object = {}) => ({
  spec,
  status: {
    containerStatuses: [
      {
        name: "main",
        ready: false,
        restartCount,
        state: { waiting: { reason: "CrashLoopBackOff" } },
        lastState: { terminated: { startedAt: "2026-01-01T00:00:01Z", ...terminated } },
      },
    ],
  },
});

const limited = { containers: [{ name: "main", resources: { limits: { memory: "1Gi" } } }] };
const hookFailed = event("FailedPostStartHook", "PostStartHook failed");

describe("what killed a container comes before what followed", () => {
  test.each<[string, object, object[], string, string]>([
    [
      "the kernel, for its memory",
      { exitCode: 137, reason: "OOMKilled" },
      [hookFailed],
      "out of memory",
      "limits.memory",
    ],
    ["its server's own crash", { exitCode: 2, reason: "Error" }, [hookFailed], "crash", "the log says why"],
    [
      "the liveness probe, of which it ended well",
      { exitCode: 0, reason: "Completed" },
      [
        hookFailed,
        event("Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 500", 4),
        event("Killing", "Container main failed liveness probe, will be restarted", 4),
      ],
      "killed: liveness probe",
      "livenessProbe",
    ],
    [
      "the startup probe, whose kill nobody reported",
      { exitCode: 143, reason: "Error" },
      [event("Unhealthy", "Startup probe failed: connection refused", 4)],
      "killed: startup probe",
      "startupProbe.failureThreshold",
    ],
    [
      "its node",
      { exitCode: 137, reason: "ContainerStatusUnknown" },
      [hookFailed],
      "lost by its node",
      "describe node",
    ],
    [
      "its hook, for which the kubelet ended it",
      { exitCode: 137, reason: "Error" },
      [hookFailed],
      "postStart hook failed",
      "lifecycle.postStart",
    ],
  ])("%s", (_, end, events, reason, next) => {
    const found = why(restarted(end, 2, limited), events);
    expect(found?.reason).toBe(reason);
    expect(found?.next).toContain(next);
    expect(found?.logOf).toEqual({ pod: "p", container: "main", previous: true });
  });

  test("a probe that failed in a run before the last killed that one alone", () => {
    const before = event("Killing", "Container main failed liveness probe, will be restarted", 0);
    expect(why(restarted({ exitCode: 1 }), [before])?.reason).toBe("crash");
  });

  test("what is said of another container of the pod is not said of this one", () => {
    const other = event("Killing", "Container side failed liveness probe, will be restarted", 5, "side");
    expect(why(restarted({ exitCode: 3 }), [other])?.reason).toBe("crash");
  });

  test("memory without a limit is that of the node", () => {
    const bare = { containers: [{ name: "main" }] };
    expect(why(restarted({ exitCode: 137, reason: "OOMKilled" }, 1, bare))?.next).toContain(
      "resources.requests.memory",
    );
  });

  test.each([
    [0, "ended", "correct its command"],
    [127, "crash", "correct the command or the image"],
    [128, "crash", "what the container runtime says"],
    [132, "crash", "CPU"],
  ])("exit code %d has a remedy of its own", (exitCode, reason, next) => {
    expect(why(restarted({ exitCode }))).toMatchObject({
      reason,
      next: expect.stringContaining(next) as string,
    });
  });
});

test.each<[string, object, string, RegExp]>([
  [
    "the node ran out of memory",
    {
      reason: "Evicted",
      message: "The node was low on resource: memory. Container main was using 9Gi, request is 0.",
    },
    "evicted",
    /requests\.memory/,
  ],
  [
    "it wrote too much",
    { reason: "Evicted", message: 'Usage of EmptyDir volume "cache" exceeds the limit "1Gi".' },
    "evicted",
    /raise the limit/,
  ],
  [
    "the disk was full",
    { reason: "Evicted", message: "The node was low on resource: ephemeral-storage." },
    "evicted",
    /disk/,
  ],
  [
    "another pod matters more",
    { reason: "Preempting", message: "Preempted in order to admit critical pod" },
    "preempted",
    /priority/,
  ],
  [
    "its node was shut down",
    { reason: "Terminated", message: "Pod was terminated in response to imminent node shutdown." },
    "its node was shut down",
    /start the node/,
  ],
  [
    "its node had no device",
    { reason: "UnexpectedAdmissionError", message: "Allocate failed" },
    "refused by its node",
    /GPU/,
  ],
  [
    "its time was over",
    { reason: "DeadlineExceeded", message: "Pod was active on the node longer" },
    "out of time",
    /activeDeadlineSeconds/,
  ],
])("of a pod that was ended as a whole: %s", (_, status, reason, next) => {
  const ended = { state: { terminated: { exitCode: 0 } }, name: "main", restartCount: 0, ready: false };
  const found = why({ status: { phase: "Failed", containerStatuses: [ended], ...status } });
  expect(found?.reason).toBe(reason);
  expect(found?.next).toMatch(next);
});

test("a pod that is being preempted says so before it says that it stops", () => {
  const conditions = [
    {
      type: "DisruptionTarget",
      status: "True",
      reason: "PreemptionByScheduler",
      message: "default-scheduler: preempting",
    },
  ];
  expect(
    why({ metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" }, status: { conditions } })?.reason,
  ).toBe("preempted");
});

describe("a node that is lost", () => {
  const away = node({
    conditions: [{ type: "Ready", status: "Unknown", message: "Kubelet stopped posting node status." }],
  });
  const crashing = restarted({ exitCode: 1 }, 2, { nodeName: "n1" });

  test("is why its pods are not ready, whatever they said last", () => {
    expect(why(crashing, [], [away])).toMatchObject({
      reason: "its node is away",
      detail: "node n1: Kubelet stopped posting node status.",
      next: expect.stringContaining("kubectl delete node n1") as string,
    });
    expect(
      why({ ...crashing, metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } }, [], [away]),
    ).toMatchObject({
      reason: "still stopping, and its node is away",
      next: expect.stringContaining("delete pod p --force") as string,
    });
    expect(why(crashing, [], [{ metadata: { name: "another" } }])?.reason).toBe("its node is gone");
  });

  test("is told apart from one that answers, and from nodes that may not be read", () => {
    expect(why(crashing, [], [node()])?.reason).toBe("crash");
    expect(why(crashing)?.reason).toBe("crash");
  });
});

describe("a pod that no node takes", () => {
  const pending = (message: string, spec: object = {}) => ({
    spec,
    status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", message }] },
  });
  // As Kubernetes 1.35 has it, without the taint.
  const untolerated =
    "0/1 nodes are available: 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: none";
  const kubernetes = (key: string) => ({
    taints: [{ key: `node.kubernetes.io/${key}`, effect: "NoSchedule" }],
  });
  const condition = (type: string, message: string, status = "True") => ({
    conditions: [{ type, status, message }],
  });

  test.each<[string, object, object, string, string]>([
    [
      "not-ready",
      condition("Ready", "container runtime network not ready", "False"),
      kubernetes("not-ready"),
      "not ready",
      "describe node n1",
    ],
    [
      "unreachable",
      condition("Ready", "Kubelet stopped posting node status.", "Unknown"),
      kubernetes("unreachable"),
      "away",
      "delete node n1",
    ],
    [
      "memory-pressure",
      condition("MemoryPressure", "kubelet has insufficient memory available"),
      kubernetes("memory-pressure"),
      "short of memory",
      "free memory on n1",
    ],
    [
      "disk-pressure",
      condition("DiskPressure", "kubelet has disk pressure"),
      kubernetes("disk-pressure"),
      "short of disk",
      "free disk on n1",
    ],
    [
      "pid-pressure",
      condition("PIDPressure", "kubelet has insufficient PID available"),
      kubernetes("pid-pressure"),
      "short of process ids",
      "processes on n1",
    ],
    [
      "network-unavailable",
      condition("NetworkUnavailable", "RouteController failed to create a route"),
      kubernetes("network-unavailable"),
      "without a network",
      "network plugin",
    ],
    [
      "unschedulable",
      {},
      { unschedulable: true, ...kubernetes("unschedulable") },
      "cordoned",
      "kubectl uncordon n1",
    ],
    [
      "uninitialized",
      {},
      { taints: [{ key: "node.cloudprovider.kubernetes.io/uninitialized", effect: "NoSchedule" }] },
      "not set up yet",
      "see that it runs",
    ],
  ])("for %s of its node: what is wrong there, and never to tolerate it", (_, status, spec, reason, next) => {
    const found = why(pending(untolerated), [], [node(status, spec)]);
    expect(found?.reason).toBe(`unschedulable: node ${reason}`);
    expect(found?.detail).toContain(`untolerated taint(s); node n1 is ${reason}`);
    const [said] = (status as { conditions?: { message: string }[] }).conditions ?? [];
    if (said) expect(found?.detail).toContain(said.message);
    expect(found?.next).toContain(next);
    expect(found?.next).not.toMatch(/tolerat|taint nodes/);
  });

  const chosen = { taints: [{ key: "team", value: "a", effect: "NoSchedule" }] };

  test("for a taint that somebody chose, by its name", () => {
    expect(why(pending(untolerated), [], [node({}, chosen)])).toMatchObject({
      reason: "unschedulable: taint",
      detail:
        "0/1 nodes are available: 1 node(s) had untolerated taint(s); node n1 is tainted: taint team=a:NoSchedule",
      next: "take the taint off the node (kubectl taint nodes n1 team-), or add a toleration of team=a:NoSchedule to the values",
    });
  });

  test("what is wrong comes before what was chosen, and nodes that the pod does not ask for are left out", () => {
    const sick = {
      ...node({}, kubernetes("disk-pressure")),
      metadata: { name: "n2", labels: { zone: "b" } },
    };
    expect(why(pending(untolerated), [], [node({}, chosen), sick])?.reason).toBe(
      "unschedulable: node short of disk",
    );
    const elsewhere = pending(untolerated, {
      nodeSelector: { zone: "b" },
      tolerations: [{ operator: "Exists" }],
    });
    expect(why(elsewhere, [], [node({}, chosen), sick])?.reason).toBe("unschedulable: taint");
  });

  test("of a resource that is short, also the node that would have it", () => {
    const message = "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) were unschedulable.";
    expect(
      why(pending(message), [], [node({}, { unschedulable: true, ...kubernetes("unschedulable") })]),
    ).toMatchObject({
      reason: "unschedulable: not enough cpu",
      next: expect.stringMatching(/^let it take pods again: kubectl uncordon n1; or free/) as string,
    });
  });
});

describe("what a pod is made in", () => {
  const creating = { status: { phase: "Pending" } };
  test.each([
    [
      'plugin type="calico" failed (add): error getting ClusterInformation: connection is unauthorized',
      /network plugin|container runtime/,
    ],
    ['failed to setup network for sandbox "1a2b": cni plugin not initialized', /network plugin/],
    ['no runtime for "nvidia" is configured', /NVIDIA container toolkit/],
    [
      'failed to get sandbox image "registry.k8s.io/pause:3.10": failed to pull image: dial tcp: lookup registry.k8s.io: no such host',
      /host name not resolved/,
    ],
  ])("is told in its own words: %s", (said, next) => {
    const message = `Failed to create pod sandbox: rpc error: code = Unknown desc = ${said}`;
    const found = why(creating, [event("FailedCreatePodSandBox", message)]);
    expect(found).toMatchObject({ reason: "sandbox of the pod cannot be made", detail: said });
    expect(found?.next).toMatch(next);
  });

  test.each([
    [
      'MountVolume.SetUp failed for volume "config" : configmap "chat" not found',
      /make the Secret or ConfigMap/,
    ],
    [
      'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) chat-1',
      /another node still holds it/,
    ],
  ])("a volume: %s", (message, next) => {
    expect(why(creating, [event("FailedMount", message)])?.next).toMatch(next);
  });
});
