import execa from "execa";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { proxyFor } from "../../../../operations/cluster/proxy";
import { repository, temporaryDirectory } from "../../sample-repository";

jest.setTimeout(60_000);

const HTTPS_PROXY = "http://proxy:3128";

test.each([
  ["https://api.example.com:6443", {}, HTTPS_PROXY],
  ["https://api.example.com", { HTTPS_PROXY: "proxy:3128" }, HTTPS_PROXY],
  ["https://api.example.com", { HTTPS_PROXY: "", https_proxy: HTTPS_PROXY }, HTTPS_PROXY],
  ["http://api.example.com", {}, undefined],
  ["https://127.0.0.1:6443", {}, undefined],
  ["https://localhost:6443", {}, undefined],
  ["https://[::1]:6443", {}, undefined],
  ["https://api.example.com", { NO_PROXY: "*" }, undefined],
  ["https://api.example.com", { NO_PROXY: "a.b, example.com" }, undefined],
  ["https://api.example.com", { no_proxy: ".EXAMPLE.com" }, undefined],
  ["https://example.com", { NO_PROXY: ".example.com" }, HTTPS_PROXY],
  ["https://notexample.com", { NO_PROXY: "example.com" }, HTTPS_PROXY],
  ["https://api.example.com:6443", { NO_PROXY: "example.com:6443" }, undefined],
  ["https://api.example.com:6443", { NO_PROXY: "example.com:443" }, HTTPS_PROXY],
  ["https://10.1.2.3:6443", { NO_PROXY: "10.0.0.0/8" }, undefined],
  ["https://11.1.2.3:6443", { NO_PROXY: "10.0.0.0/8" }, HTTPS_PROXY],
  ["https://10.1.2.3", { NO_PROXY: "10.1.2.3" }, undefined],
  ["https://[fd00::1]:6443", { NO_PROXY: "fd00::/8" }, undefined],
  ["https://[fd00::1]:6443", { NO_PROXY: "fd00::1" }, undefined],
  ["https://10.1.2.3", { NO_PROXY: "nonsense/8,,10.0.0.0/99" }, HTTPS_PROXY],
])("%s with %j is asked through %s", (url, variables, proxy) => {
  expect(proxyFor(url, { HTTPS_PROXY, ...variables })).toBe(proxy);
});

describe("a proxy", () => {
  const asked: string[] = [];
  const proxy = http.createServer();
  proxy.on("connect", ({ url }, socket) => {
    asked.push(url ?? "");
    socket.end("HTTP/1.1 502 no way\r\n\r\n");
  });
  let address = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  afterAll(() => proxy.close());
  beforeEach(() => asked.splice(0));

  test("is what the Kubernetes API is asked through, unless NO_PROXY names it", async () => {
    const root = temporaryDirectory();
    const named = (kind: string, rest: object) => [{ name: "minikube", [kind]: rest }];
    const kubeconfig = {
      clusters: named("cluster", { server: "https://cluster.invalid:6443" }),
      users: named("user", { token: "t" }),
      contexts: named("context", { cluster: "minikube", user: "minikube" }),
    };
    fs.writeFileSync(path.join(root, "kubeconfig"), JSON.stringify(kubeconfig));
    // Jest does not read the client's modules.
    const script = `require("./operations/typescript.cjs");
      const { connect } = require("./operations/cluster/kubeconfig.ts");
      const { KubernetesApi } = require("./operations/cluster/kubernetes-api.ts");
      const [root, HTTPS_PROXY] = process.argv.slice(1);
      const cluster = { kubeconfig: "kubeconfig", context: "minikube" };
      const ask = (variables) =>
        new KubernetesApi(connect(root, { name: "minikube", cluster }, variables)).get("/version").catch(() => undefined);
      ask({ HTTPS_PROXY }).then(() => ask({ HTTPS_PROXY, NO_PROXY: ".invalid" }));`;
    await execa(process.execPath, ["--eval", script, root, address], { cwd: repository });
    expect(asked).toEqual(["cluster.invalid:6443"]);
  });

  test("is what fetch goes through, but for this machine", async () => {
    const here = http.createServer((_request, response) => response.end("here"));
    await new Promise<void>((resolve) => here.listen(0, "127.0.0.1", resolve));
    const script = `require("./operations/typescript.cjs");
      require("./operations/cluster/proxy.ts").fetchThroughProxies(process.env);
      const ask = (url) => fetch(url).then((answer) => answer.text(), ({ cause }) => String(cause));
      ask("http://server.invalid/").then(() => ask(process.argv[1])).then(console.log);`;
    const { stdout } = await execa(
      process.execPath,
      ["--eval", script, `http://127.0.0.1:${(here.address() as AddressInfo).port}/`],
      { cwd: repository, env: { PATH: process.env.PATH, HTTP_PROXY: address }, extendEnv: false },
    );
    here.close();
    expect(stdout).toBe("here");
    expect(asked).toEqual(["server.invalid:80"]);
  });
});
