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

let look = 0;
const server = http.createServer((request, response) => {
  const [, plural = ""] = /\/(\w+)(\?|$)/.exec(request.url ?? "") ?? [];
  const items = looks[Math.min(look, looks.length - 1)]?.[plural] ?? [];
  response.writeHead(200).end(JSON.stringify({ items }));
});
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test("of a release that is upgraded the pods of the new revision are told, and not what they replace", async () => {
  const connection = {
    getCurrentCluster: () => ({ server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
    applyToHTTPSOptions: async () => undefined,
  } as unknown as KubeConfig;
  const told = await new Promise<readonly string[]>((resolve) => {
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
  expect(told).toEqual(["look 2", expect.stringMatching(/^Pod\/new: /), "0 of 1 pods ready"]);
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
