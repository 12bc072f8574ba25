import type { KubeConfig } from "@kubernetes/client-node";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { nothing } from "../../../../operations/cluster/namespace-objects";
import { pauseMs, watchRelease } from "../../../../operations/cluster/release-watch";
import { madeSince, rolloutLines } from "../../../../operations/cluster/rollout";

jest.setTimeout(60_000);

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`;

/** A pod of a ReplicaSet, whose container ends again and again. */
const pod = (name: string, creationTimestamp: string) => ({
  metadata: { name, creationTimestamp, ownerReferences: [{ kind: "ReplicaSet", name, uid: name }] },
  status: {
    phase: "Running",
    containerStatuses: [
      { name: "main", restartCount: 3, state: { waiting: { reason: "CrashLoopBackOff" } } },
    ],
  },
});
const replicaSet = (name: string, revision: number, creationTimestamp: string) => ({
  metadata: {
    ...{
      name,
      uid: name,
      creationTimestamp,
      ownerReferences: [{ kind: "Deployment", name: "chat", uid: "d" }],
    },
    annotations: { "deployment.kubernetes.io/revision": String(revision) },
  },
  spec: { replicas: 1 },
});
const pending = { metadata: { name: "sh.helm.release.v1.chat.v2", creationTimestamp: at(10) } };
const old = { pods: [pod("old", at(1))], replicasets: [replicaSet("old", 1, at(1))] };

/** What is there at each look: before Helm begins, before it hands anything over, and afterwards. */
const looks: { readonly [plural: string]: readonly object[] }[] = [
  old,
  { ...old, secrets: [pending] },
  {
    secrets: [pending],
    pods: [...old.pods, pod("new", at(11))],
    replicasets: [...old.replicasets, replicaSet("new", 2, at(11))],
  },
];

const upgrade = (plural: string) => looks[Math.min(look, looks.length - 1)]?.[plural];

let look = 0;
let found: (plural: string) => readonly object[] | undefined;
const server = http.createServer((request, response) => {
  const { pathname } = new URL(request.url ?? "", "http://cluster");
  const [, pod] = /\/pods\/(\w+)\/log$/.exec(pathname) ?? [];
  const items = found(pathname.replace(/.*\//, "")) ?? [];
  response
    .writeHead(200)
    .end(pod ? `${pod}: 3 % of 9 MB\n${pod}: 30 % of 9 MB\n` : JSON.stringify({ items }));
});
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** What is told first of a release. */
function firstTold(): Promise<readonly string[]> {
  const connection = {
    getCurrentCluster: () => ({ server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
    applyToHTTPSOptions: async () => undefined,
  } as unknown as KubeConfig;
  look = 0;
  return new Promise((resolve) => {
    const watch = watchRelease(
      connection,
      { name: "chat", namespace: "chat" },
      {
        onRollout: (lines) => {
          watch.end();
          resolve([`look ${look}`, ...lines]);
        },
        // Told at the end of every look.
        onIncurable: () => look++,
      },
    );
  });
}

test("of a release that is upgraded the pods of the new revision are told, and not what they replace", async () => {
  found = upgrade;
  expect(await firstTold()).toEqual(["look 2", expect.stringMatching(/^Pod\/new: /), "0 of 1 pods ready"]);
});

test("what a hook says last is told, such as how much of a model is there, and no Job of a schedule", async () => {
  const job = (uid: string, metadata: object) => ({ metadata: { name: uid, uid, ...metadata } });
  const jobPod = (uid: string) => ({
    metadata: { name: uid, creationTimestamp: at(11), ownerReferences: [{ kind: "Job", name: uid, uid }] },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  });
  const there: { readonly [plural: string]: readonly object[] } = {
    pods: [jobPod("backup"), jobPod("llama2")],
    jobs: [
      job("llama2", { annotations: { "helm.sh/hook": "post-upgrade" } }),
      job("backup", { ownerReferences: [{ kind: "CronJob" }] }),
    ],
  };
  found = (plural) => there[plural];
  expect(await firstTold()).toEqual(["look 0", "llama2: 30 % of 9 MB"]);
});

test("pods of the revision before the last are not counted, and what stays of it is what is waited for in the end", () => {
  const { pods, replicasets: replicaSets } = looks[2] as never;
  expect(rolloutLines({ ...nothing, pods, replicaSets }).at(-1)).toBe("0 of 1 pods ready");
  const before = { ...nothing, pods: old.pods as never, replicaSets: old.replicasets as never };
  expect(rolloutLines(before)[0]).toMatch(/^Pod\/old: /);
  expect(rolloutLines(madeSince(before, new Date(at(10)).getTime()))).toEqual([]);
});

test("few releases are looked at once a second each, and many five times a second in all", () => {
  expect([1, 2, 5].map(pauseMs)).toEqual([1000, 1000, 1000]);
  for (const watched of [6, 20, 100]) expect(watched / (pauseMs(watched) / 1000)).toBeCloseTo(5);
});
