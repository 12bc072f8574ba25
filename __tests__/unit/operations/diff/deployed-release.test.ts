import type { KubernetesApi } from "../../../../operations/cluster/kubernetes-api";
import { ResourceKinds } from "../../../../operations/cluster/resource-kinds";
import { deployedRelease } from "../../../../operations/diff/deployed-release";
import { type SampleRevision, secret } from "../releases/releases";

const configMaps = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
  verbs: ["get"],
};

/** The release ollama of a cluster with these revisions, and these objects by their paths. */
function read(revisions: readonly SampleRevision[], objects: { readonly [path: string]: object } = {}) {
  const api = {
    list: async () => revisions.map(secret),
    find: async (path: string) => objects[path],
  } as unknown as KubernetesApi;
  const kinds = new ResourceKinds([configMaps]);
  return deployedRelease(api, kinds, { name: "ollama", namespace: "ollama" });
}

describe("the deployed release", () => {
  it("is the last revision that was deployed, not one that failed or hangs after it", async () => {
    const found = await read([
      { revision: 1 },
      { revision: 3, status: "pending-upgrade" },
      { revision: 2, status: "deployed" },
    ]);
    expect(found).toMatchObject({ revision: 2, version: "1.77.0", deployed: [{ data: { revision: "2" } }] });
    expect(found?.revisions.map(({ revision, status }) => [revision, status])).toEqual([
      [3, "pending-upgrade"],
      [2, "deployed"],
      [1, "superseded"],
    ]);
  });

  it("is the newest where none was ever deployed", async () => {
    expect(await read([{ revision: 1, status: "failed" }])).toMatchObject({ revision: 1 });
  });

  it("has those of its objects that the cluster has", async () => {
    const live = { kind: "ConfigMap", metadata: { name: "ollama" }, data: { revision: "edited" } };
    const deployed = [{ revision: 1, status: "deployed" }];
    expect((await read(deployed))?.live).toEqual([]);
    const found = await read(deployed, { "/api/v1/namespaces/ollama/configmaps/ollama": live });
    expect(found?.live).toEqual([live]);
  });

  it("may not be there", async () => {
    expect(await read([])).toBeUndefined();
  });
});
