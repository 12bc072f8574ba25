import * as http from "node:http";
import type { AddressInfo } from "node:net";
import { imageReference, resolveDigest } from "../../../../operations/charts/image-digest";

test.each([
  ["busybox", "docker.io", "library/busybox", "latest"],
  ["ollama/ollama:0.6.8", "docker.io", "ollama/ollama", "0.6.8"],
  ["docker.io/bitnamilegacy/mongodb:8.0", "docker.io", "bitnamilegacy/mongodb", "8.0"],
  ["registry.test:5000/team/a:1", "registry.test:5000", "team/a", "1"],
  ["localhost/a", "localhost", "a", "latest"],
])("the image %s is %s's", (image, registry, repository, tag) => {
  expect(imageReference(image)).toEqual({ registry, repository, tag });
  expect(imageReference(`${image}@sha256:0f`)).toEqual({ registry, repository, tag, digest: "sha256:0f" });
});

describe("a registry", () => {
  let server: http.Server;
  let registry: string;
  const digest = `sha256:${"0f".repeat(32)}`;

  beforeAll(async () => {
    // As the registries that everybody may read do it: with a token for everybody.
    server = http.createServer((request, response) => {
      const url = new URL(request.url ?? "", `http://${request.headers.host}`);
      if (url.pathname === "/token") {
        const { service, scope } = Object.fromEntries(url.searchParams);
        return response.end(JSON.stringify({ token: `${service} ${scope}` }));
      }
      const [, repository, tag] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(url.pathname) ?? [];
      if (repository === "closed") return response.writeHead(401, { "www-authenticate": "Basic" }).end();
      if (request.headers.authorization !== `Bearer here repository:${repository}:pull`) {
        const realm = `http://${request.headers.host}/token`;
        const challenge = `Bearer realm="${realm}",service="here",scope="repository:${repository}:pull"`;
        return response.writeHead(401, { "www-authenticate": challenge }).end();
      }
      if (tag !== "1" || request.method !== "HEAD") return response.writeHead(404).end();
      return response.writeHead(200, { "docker-content-digest": digest }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    registry = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test("says which image a tag is", async () => {
    expect(await resolveDigest(imageReference(`${registry}/team/a:1`))).toBe(digest);
  });

  test.each([
    ["has no such tag", () => `${registry}/team/a:2`, () => `${registry} does not have it`],
    ["wants a password", () => `${registry}/closed:1`, () => `${registry} wants a password`],
  ])("that %s is told", async (_what, image, why) => {
    await expect(resolveDigest(imageReference(image()))).rejects.toThrow(why());
  });

  test("that does not answer is told", async () => {
    const gone = http.createServer();
    await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const image = imageReference(`127.0.0.1:${port}/a:1`);
    await expect(resolveDigest(image)).rejects.toThrow(`127.0.0.1:${port} does not answer`);
  });
});
