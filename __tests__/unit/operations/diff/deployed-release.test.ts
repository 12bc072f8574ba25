import type { KubernetesApi } from "../../../../operations/cluster/kubernetes-api";
import { LiveObjects } from "../../../../operations/cluster/live-objects";
import { deployedRelease } from "../../../../operations/diff/deployed-release";
import { revisions, type SampleRevision } from "../releases/releases";

const configMaps = {
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  namespaced: true,
  verbs: ["get"],
};

/** The release ollama of a cluster with these revisions, and these objects by their paths. */
function read(all: readonly SampleRevision[], objects: { readonly [path: string]: object } = {}) {
  const api = { find: async (path: string) => objects[path] } as unknown as KubernetesApi;
  return deployedRelease(new LiveObjects(api, [configMaps], 1), revisions(...all));
}

describe("the deployed release", () => {
  it("is the last revision that was deployed, not one that failed or hangs after it", async () => {
    const found = await read([
      { revision: 3, status: "pending-upgrade" },
      { revision: 2, status: "deployed" },
      { revision: 1 },
    ]);
    expect(found).toMatchObject({
      last: { revision: 2, version: "1.77.0" },
      deployed: [{ data: { revision: "2" } }],
    });
  });

  it("is the newest where none was ever deployed", async () => {
    expect(await read([{ revision: 1, status: "failed" }])).toMatchObject({ last: { revision: 1 } });
  });

  it("has its objects as the cluster has them", async () => {
    const live = { kind: "ConfigMap", metadata: { name: "ollama" }, data: { revision: "edited" } };
    const deployed = [{ revision: 1, status: "deployed" }];
    expect((await read(deployed)).live).toEqual([undefined]);
    const found = await read(deployed, { "/api/v1/namespaces/ollama/configmaps/ollama": live });
    expect(found.live).toEqual([live]);
  });
});
