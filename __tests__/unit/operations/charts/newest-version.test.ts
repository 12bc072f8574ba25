import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { newestOf, newestVersion } from "../../../../operations/charts/newest-version";

const index = `apiVersion: v1
entries:
  chat:
    - { name: chat, version: 1.9.0 }
    - { name: chat, version: 1.10.0 }
    - { name: chat, version: 2.0.0-rc1 }
`;

let server: http.Server;
let host: string;

beforeAll(async () => {
  server = http.createServer((request, response) => {
    const url = new URL(request.url ?? "", `http://${request.headers.host}`);
    if (url.pathname === "/charts/index.yaml") return response.end(index);
    if (url.pathname === "/broken/index.yaml") return response.end("<html>: [");
    if (url.pathname === "/token") return response.end(JSON.stringify({ token: "everybody" }));
    if (url.pathname !== "/v2/team/chat/tags/list") return response.writeHead(404).end();
    if (request.headers.authorization !== "Bearer everybody") {
      const challenge = `Bearer realm="http://${host}/token",service="here"`;
      return response.writeHead(401, { "www-authenticate": challenge }).end();
    }
    // In pages, as registries answer that have many.
    if (url.searchParams.get("last") !== "1.10.0") {
      const next = '</v2/team/chat/tags/list?n=2&last=1.10.0>; rel="next"';
      return response.setHeader("link", next).end(JSON.stringify({ tags: ["latest", "1.10.0"] }));
    }
    return response.end(JSON.stringify({ tags: ["1.9.0", "1.11.0_build.7", "2.0.0-rc1"] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

test("the newest of a repository is no pre-release, and is not the last by the alphabet", async () => {
  expect(await newestVersion({ name: "chat", repository: `http://${host}/charts` })).toBe("1.10.0");
});

test("the newest of a registry is among all pages of its tags", async () => {
  expect(await newestVersion({ name: "chat", repository: `oci://${host}/team` })).toBe("1.11.0+build.7");
});

test.each([
  ["that lacks the chart", () => `http://${host}/charts`, "other", () => `${host} has no version of other`],
  ["that has no index", () => `http://${host}/nothing`, "chat", () => `${host} answered 404`],
  ["whose index is none", () => `http://${host}/broken`, "chat", () => `${host} has no index of charts`],
  ["of a registry that lacks it", () => `oci://${host}/team`, "other", () => `${host} does not have it`],
  ["that does not answer", () => "http://127.0.0.1:1", "chat", () => "127.0.0.1:1 does not answer"],
])("a repository %s is told", async (_what, repository, name, why) => {
  await expect(newestVersion({ name, repository: repository() })).rejects.toThrow(why());
});

test("where all are pre-releases there is no newest", () => {
  expect(newestOf(["1.0.0-rc1", "latest"])).toBeUndefined();
});
