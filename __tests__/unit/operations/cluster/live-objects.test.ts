import { ApiError } from "../../../../operations/cluster/api-error";
import type { KubernetesApi } from "../../../../operations/cluster/kubernetes-api";
import { LiveObjects } from "../../../../operations/cluster/live-objects";

const kind = (name: string) => ({
  ...{ group: "", version: "v1", kind: name, plural: `${name.toLowerCase()}s` },
  ...{ namespaced: true, verbs: ["get", "list"] },
});
const object = (name: string, of = "Service") => ({
  ...{ apiVersion: "v1", kind: of, metadata: { name, namespace: "chat" } },
});

/** A cluster with the Services one and two, and what it is asked. */
function cluster(answer: (path: string) => unknown = () => ({ items: [item("one"), item("two")] })) {
  const asked: string[] = [];
  const ask = async (path: string): Promise<unknown> => {
    asked.push(path);
    return path.includes("limit") ? answer(path) : { ...object(path.split("/").at(-1) ?? ""), alone: true };
  };
  const api = { get: ask, find: ask } as unknown as KubernetesApi;
  const kinds = [kind("Service"), kind("Secret")];
  return { asked, live: new LiveObjects(api, kinds, 2), services: kinds[0]! };
}

const item = (name: string, namespace = "chat") => ({ metadata: { name, namespace } });

test("objects of a kind are read in one go, and each has its kind", async () => {
  const { asked, live } = cluster();
  const found = await Promise.all(["one", "two", "three"].map((name) => live.find(object(name))));
  expect(found).toEqual([object("one"), object("two"), undefined]);
  expect(asked).toEqual(["/api/v1/services?limit=120"]);
});

test.each<[why: string, answer: () => unknown]>([
  ["they are too many", () => ({ metadata: { continue: "more" }, items: [] })],
  [
    "the user may see some namespaces alone",
    () => {
      throw new ApiError(403, "GET /api/v1/services", "");
    },
  ],
])("each is asked for by itself where %s", async (_why, answer) => {
  const { asked, live, services } = cluster(answer);
  expect(await live.find(object("one"))).toEqual({ ...object("one"), alone: true });
  expect(await live.within(services, ["chat"])).toBeUndefined();
  expect(asked).toEqual(["/api/v1/services?limit=120", "/api/v1/namespaces/chat/services/one"]);
});

test("Secrets of others are not read", async () => {
  const { asked, live } = cluster();
  await live.find(object("one", "Secret"));
  expect(asked).toEqual(["/api/v1/namespaces/chat/secrets/one"]);
});

test("what is in some namespaces is told from what is in others", async () => {
  const { live, services } = cluster(() => ({ items: [item("one"), item("two", "elsewhere")] }));
  expect(await live.within(services, ["chat"])).toEqual([object("one")]);
});

test("fails where the API server does not answer", async () => {
  const { live } = cluster(() => {
    throw new Error("connect ECONNREFUSED");
  });
  await expect(live.find(object("one"))).rejects.toThrow("ECONNREFUSED");
});
