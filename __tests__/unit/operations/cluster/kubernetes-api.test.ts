import type { KubeConfig } from "@kubernetes/client-node";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { apiMessage, statusCode } from "../../../../operations/cluster/api-error";
import { KubernetesApi } from "../../../../operations/cluster/kubernetes-api";

/** What the server was asked, and what it answers by method and path; what is not here is not found. */
let asked: { method: string; url: string; type?: string; body: string }[];
let answers: { [request: string]: string | undefined };

const server = http.createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const { method = "", url = "", headers } = request;
    asked.push({ method, url, type: headers["content-type"], body: Buffer.concat(pieces).toString() });
    const answer = answers[`${method} ${url.split("?")[0]}`];
    if (answer === "never") return;
    response.writeHead(answer === undefined ? 404 : 200);
    response.end(answer ?? '{"kind":"Status","message":"pods \\"one\\" not found"}');
  });
});

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  asked = [];
  answers = {};
});

function api(timeoutMs?: number): KubernetesApi {
  const { port } = server.address() as AddressInfo;
  const connection = {
    getCurrentCluster: () => ({ server: `http://127.0.0.1:${port}/` }),
    applyToHTTPSOptions: async () => undefined,
  };
  return new KubernetesApi(connection as unknown as KubeConfig, timeoutMs);
}

describe("the Kubernetes API", () => {
  it("answers objects, the items of a collection, and logs as text", async () => {
    answers["GET /version"] = '{"gitVersion":"v1.35.4"}';
    answers["GET /api/v1/pods"] = '{"items":[{"metadata":{"name":"one"}}]}';
    answers["GET /log"] = "a line\n";
    expect(await api().get("/version")).toEqual({ gitVersion: "v1.35.4" });
    expect(await api().list("/api/v1/pods")).toEqual([{ metadata: { name: "one" } }]);
    expect(await api().text("/log")).toBe("a line\n");
  });

  it("shares connections among all who ask a cluster with the same patience", async () => {
    answers["GET /version"] = "{}";
    const sockets = new Set<unknown>();
    server.on("request", ({ socket }) => sockets.add(socket));
    const { port } = server.address() as AddressInfo;
    const connection = {
      getCurrentCluster: () => ({ server: `http://127.0.0.1:${port}` }),
      applyToHTTPSOptions: async (options: http.RequestOptions) => void (options.agent = new http.Agent()),
    } as unknown as KubeConfig;
    for (const timeoutMs of [1000, 1000, 2000])
      await new KubernetesApi(connection, timeoutMs).get("/version");
    expect(sockets.size).toBe(2);
  });

  it("finds nothing where there is nothing, and says what was refused with the server's words", async () => {
    expect(await api().find("/api/v1/namespaces/a/pods/one")).toBeUndefined();
    const refused = await api()
      .get("/api/v1/namespaces/a/pods/one")
      .catch((error: unknown) => error);
    expect([statusCode(refused), apiMessage(refused)]).toEqual([404, 'pods "one" not found']);
  });

  it("writes under its own name, and deletes under a condition", async () => {
    for (const request of ["POST /leases", "PUT /leases/one", "PATCH /leases/one", "DELETE /leases/one"]) {
      answers[request] = "{}";
    }
    await api().create("/leases", { a: 1 });
    await api().replace("/leases/one", { a: 2 });
    await api().patch("/leases/one", [{ op: "add", path: "/a", value: 3 }]);
    await api().delete("/leases/one", { preconditions: { resourceVersion: "7" } });
    const by = "?fieldManager=llm-platform";
    expect(asked.map(({ method, url, type, body }) => [method, url, type, body])).toEqual([
      ["POST", `/leases${by}`, "application/json", '{"a":1}'],
      ["PUT", `/leases/one${by}`, "application/json", '{"a":2}'],
      ["PATCH", `/leases/one${by}`, "application/json-patch+json", '[{"op":"add","path":"/a","value":3}]'],
      ["DELETE", "/leases/one", "application/json", '{"preconditions":{"resourceVersion":"7"}}'],
    ]);
  });

  it("gives a server up that does not answer", async () => {
    answers["GET /version"] = "never";
    await expect(api(50).get("/version")).rejects.toThrow("no answer within 0.05 s");
  });
});
