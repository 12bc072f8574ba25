import execa from "execa";
import { type NotReadyReason, reasonLines } from "../../operations/cluster/not-ready-reason";
import type { Clone } from "../clone";
import { expectDocumented } from "../documented";
import { waitFor } from "../wait-for";
import { cloneWithCluster } from "./cluster";
import { simulate, type SimulatedState } from "./simulated-pod";
import { withTaintedNodes } from "./tainted-nodes";

jest.setTimeout(60_000);

let clone: Clone;

beforeAll(async () => {
  clone = await cloneWithCluster();
}, 600_000);
afterAll(() => clone.remove());

async function reasons(namespace: string, secret = ""): Promise<NotReadyReason[]> {
  const { output } = await clone.script("__tests__/cluster/not-ready.ts", [namespace, secret]).ended();
  return JSON.parse(output) as NotReadyReason[];
}

/** The reasons, once the controllers have come to them. */
function eventually(namespace: string, secret = ""): Promise<NotReadyReason[]> {
  return waitFor(`there is a reason why ${namespace} is not ready`, async () => {
    const found = await reasons(namespace, secret);
    return found.length > 0 && found.every(({ reason }) => reason !== "starting") && found;
  });
}

/** What npm run deploy says of it, below the name of the release. */
function documented(name: string, reasons: readonly NotReadyReason[]): void {
  const lines = reasons.flatMap(reasonLines).map((line) => `    ${line}`);
  expectDocumented(name, "npm run deploy -- --yes", lines.join("\n"), clone.root);
}

const kubectl = (args: string[], input?: object) =>
  execa(process.env.KUBECTL ?? "kubectl", ["--kubeconfig", clone.file(".sandbox/kubeconfig"), ...args], {
    input: input === undefined ? "" : JSON.stringify(input),
  });

async function apply(namespace: string, ...objects: object[]): Promise<void> {
  const first = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
  const items = [first, ...objects].map((object) => ({
    ...object,
    metadata: { namespace, ...(object as { metadata: object }).metadata },
  }));
  await kubectl(["apply", "-f", "-"], { apiVersion: "v1", kind: "List", items });
}

function pod(name: string, spec: object = {}, container: object = {}): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      containers: [{ name: "main", image: "registry.example/echo:1.0", ...container }],
      ...spec,
    },
  };
}

/** A pod that the sandbox has made ready, given another state. */
async function simulated(namespace: string, name: string, state: SimulatedState): Promise<void> {
  await kubectl(["wait", "-n", namespace, `pod/${name}`, "--for=condition=Ready", "--timeout=20s"]);
  await simulate(clone, namespace, name, state);
}

it("says nothing of a namespace in which everything is ready", async () => {
  await apply("fine", pod("ready"));
  await kubectl(["wait", "-n", "fine", "pod/ready", "--for=condition=Ready", "--timeout=20s"]);
  expect(await reasons("fine")).toEqual([]);
});

it("names the resource that no node has enough of", async () => {
  const tolerations = [{ operator: "Exists" }];
  await apply("gpu", pod("greedy", { tolerations }, { resources: { limits: { "nvidia.com/gpu": "16" } } }));
  const found = await eventually("gpu");
  documented("not-ready-gpu", found);
  expect(found).toEqual([
    {
      object: "Pod/greedy",
      reason: "unschedulable: not enough nvidia.com/gpu",
      detail: "it asks for 16 nvidia.com/gpu; 0/2 nodes are available: 2 Insufficient nvidia.com/gpu",
      next: "free a GPU, add a node with more of them, or lower gpu.count in the environment's file",
    },
  ]);
});

it("names the taint that keeps a pod away, which the scheduler does not", async () => {
  const [found] = await withTaintedNodes(clone, async () => {
    await apply("taint", pod("kept-away"));
    return eventually("taint");
  });
  expect(found?.reason).toBe("unschedulable: taint");
  expect(found?.detail).toContain("untolerated taint(s); node cpu-0 is tainted: taint hold=1:NoSchedule");
});

it("says what is wrong with a node, and never to tolerate it", async () => {
  const node = (...args: string[]) => clone.kubectl(args[0] ?? "", ...args.slice(1));
  await node("cordon", "cpu-0");
  try {
    await apply("cordoned", pod("kept-away"));
    const [found] = await eventually("cordoned");
    documented("not-ready-node", found ? [found] : []);
    expect(found).toMatchObject({
      reason: "unschedulable: node cordoned",
      next: "let it take pods again: kubectl uncordon cpu-0",
    });
    expect(found?.next).not.toContain("tolerat");
  } finally {
    await node("uncordon", "cpu-0");
  }
});

it("names the claim that is not bound and why, instead of the pod that waits for it", async () => {
  const claim = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "models" },
    spec: {
      storageClassName: "fast",
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "5Gi" } },
    },
  };
  const volumes = [{ name: "models", persistentVolumeClaim: { claimName: "models" } }];
  await apply("claim", claim, pod("waiting", { volumes }));
  const found = await eventually("claim");
  documented("not-ready-claim", found);
  expect(found).toEqual([
    {
      object: "PersistentVolumeClaim/models",
      reason: "claim unbound",
      detail: '5Gi of StorageClass fast: storageclass.storage.k8s.io "fast" not found',
      next: "name a StorageClass that exists in storage.className of the environment's file: kubectl get storageclasses",
    },
  ]);
});

it("says what a quota refuses", async () => {
  const quota = {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "none" },
    spec: { hard: { pods: "0" } },
  };
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "echo" },
    spec: {
      selector: { matchLabels: { app: "echo" } },
      template: { metadata: { labels: { app: "echo" } }, spec: (pod("x") as { spec: object }).spec },
    },
  };
  await apply("quota", quota, deployment);
  const [found] = await eventually("quota");
  expect(found).toMatchObject({
    object: expect.stringMatching(/^ReplicaSet\/echo-/),
    reason: "quota exceeded",
    detail: expect.stringContaining("exceeded quota: none, requested: pods=1, used: pods=0, limited: pods=0"),
  });
});

it("says that an image is not there, in the words of the registry", async () => {
  await apply("image", pod("lost"));
  const message =
    'Failed to pull image "registry.example/echo:1.0": rpc error: code = NotFound desc = failed to resolve reference: not found';
  const waiting = {
    reason: "ImagePullBackOff",
    message: 'Back-off pulling image "registry.example/echo:1.0"',
  };
  await simulated("image", "lost", { container: { state: { waiting } }, events: [["Failed", message]] });
  const found = await reasons("image");
  documented("not-ready-image", found);
  expect(found).toEqual([
    {
      object: "Pod/lost",
      reason: "image not found",
      detail: message,
      next: "correct the image's repository or tag in the values, then deploy again",
    },
  ]);
});

it("shows the last lines of a container that crashes, without a secret", async () => {
  await apply("crash", pod("broken"));
  const waiting = { reason: "CrashLoopBackOff", message: "back-off 1m20s restarting failed container" };
  const terminated = { exitCode: 137, reason: "Error", finishedAt: null, startedAt: null };
  await simulated("crash", "broken", {
    container: { restartCount: 4, state: { waiting }, lastState: { terminated } },
  });
  const [found] = await eventually("crash", "simulated");
  expect(found).toMatchObject({
    object: "Pod/broken",
    reason: "crash",
    detail: "container main exited with code 137, restarted 4 times",
    next: "the log says why; all of it: kubectl -n crash logs broken -c main --previous",
  });
  documented("not-ready-crash", await reasons("crash"));
  expect(found?.log?.[0]).toBe("this pod is (hidden): nothing runs in it, so it has no log");
});

it("says that a container was killed for its memory, whatever its hook says then", async () => {
  await apply("memory", pod("greedy", {}, { resources: { limits: { memory: "1Gi" } } }));
  await simulated("memory", "greedy", {
    container: {
      restartCount: 2,
      state: { waiting: { reason: "CrashLoopBackOff" } },
      lastState: { terminated: { exitCode: 137, reason: "OOMKilled", finishedAt: null, startedAt: null } },
    },
    events: [["FailedPostStartHook", "PostStartHook failed"]],
  });
  const found = await reasons("memory");
  documented("not-ready-memory", found);
  expect(found[0]).toMatchObject({
    reason: "out of memory",
    detail: "container main used more memory than its limit, 1Gi, and was killed, restarted 2 times",
  });
});

it("says that a pod was evicted, and why, where it has no log", async () => {
  await apply("evicted", pod("full"));
  const message = "The node was low on resource: ephemeral-storage.";
  await simulated("evicted", "full", { status: { phase: "Failed", reason: "Evicted", message } });
  expect((await reasons("evicted"))[0]).toMatchObject({ reason: "evicted", detail: message });
});

it("shows nothing of a container that a terminal would obey", async () => {
  await apply("control", pod("loud"));
  const message = 'Failed to pull image "echo:1": \u001b[2J\u001b]0;owned\u0007not\r found\u202e';
  await simulated("control", "loud", {
    container: { state: { waiting: { reason: "ErrImagePull" } } },
    events: [["Failed", message]],
  });
  const printed = (await reasons("control")).flatMap(reasonLines).join("\n");
  expect(printed).toContain('image not found: Failed to pull image "echo:1": not found');

  expect(printed).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

it("says what a Job said at its end, such as which model there is not", async () => {
  const message = "llama9:latest does not exist: pull model manifest: file does not exist";
  await apply("pulls", {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "models", annotations: { "helm.sh/hook": "post-install" } },
    // No node of the sandbox takes it, so that nothing but this ends it.
    spec: {
      backoffLimit: 0,
      template: {
        spec: (pod("x", { restartPolicy: "Never", nodeSelector: { there: "is-none" } }) as { spec: object })
          .spec,
      },
    },
  });
  const made = await waitFor("the Job has a pod", async () => (await clone.list("pods", "-n", "pulls"))[0]);
  await simulate(clone, "pulls", made.metadata.name, {
    container: { state: { terminated: { exitCode: 1, message, startedAt: null, finishedAt: null } } },
    status: { phase: "Failed" },
  });
  await kubectl(["wait", "-n", "pulls", "job/models", "--for=condition=Failed", "--timeout=20s"]);
  expect(await reasons("pulls")).toMatchObject([
    { object: "Job/models", reason: "hook failed", detail: `post-install: ${message}` },
  ]);
});

it("names a hook of Helm that failed", async () => {
  const spec = { restartPolicy: "Never", nodeSelector: { there: "is-none" } };
  await apply("job", {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "migrate", annotations: { "helm.sh/hook": "post-upgrade" } },
    spec: { activeDeadlineSeconds: 1, template: { spec: (pod("x", spec) as { spec: object }).spec } },
  });
  await kubectl(["wait", "-n", "job", "job/migrate", "--for=condition=Failed", "--timeout=20s"]);
  const found = await reasons("job");
  documented("not-ready-hook", found);
  expect(found).toEqual([
    {
      object: "Job/migrate",
      reason: "hook failed",
      detail: "post-upgrade: Job was active longer than specified deadline",
      next: "correct what its log says, then deploy again: kubectl -n job logs job/migrate",
    },
  ]);
});
