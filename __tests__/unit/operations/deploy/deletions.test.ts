import { isGoing } from "../../../../operations/deploy/deletions";

const object = (uid: string, owner?: [kind: string, uid: string], deletionTimestamp?: string) => ({
  metadata: {
    uid,
    ...(owner && { ownerReferences: [{ apiVersion: "v1", kind: owner[0], name: owner[1], uid: owner[1] }] }),
    ...(deletionTimestamp && { deletionTimestamp: new Date(deletionTimestamp) }),
  },
});

const pod = (...owner: [string, string]) => object("pod", owner);
const set = object("set", ["Deployment", "deployment"]);

test.each<[string, boolean, ReturnType<typeof object>, ReturnType<typeof object>[]]>([
  ["was told to end", true, object("pod", undefined, "2026-01-01T00:00:00Z"), []],
  ["is of a workload whose Deployment is gone, and which is not yet", true, pod("ReplicaSet", "set"), [set]],
  ["is of a workload that is gone", true, pod("StatefulSet", "set"), []],
  ["is of a workload that is there", false, pod("ReplicaSet", "set"), [set, object("deployment")]],
  ["somebody made by itself", false, object("pod"), []],
  ["is of something that is not known here", false, pod("Cluster", "database"), []],
])("a pod that %s is waited for: %s", (_, going, one, owners) => expect(isGoing(one, owners)).toBe(going));
