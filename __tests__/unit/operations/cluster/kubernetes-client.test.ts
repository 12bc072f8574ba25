import { execFileSync } from "node:child_process";
import * as path from "node:path";

const root = path.join(__dirname, "../../../..");

/** What a script answers that has a kubeconfig of one user, in a process of its own: here the library's modules cannot be loaded. */
function answerOf(cluster: object, user: object, script: string): unknown {
  const options = {
    clusters: [{ name: "one", server: "https://127.0.0.1:1", skipTLSVerify: false, ...cluster }],
    users: [{ name: "one", ...user }],
    contexts: [{ name: "one", cluster: "one", user: "one" }],
    currentContext: "one",
  };
  const whole = `
    require("./operations/typescript.cjs");
    const { kubernetesClient } = require("./operations/cluster/kubernetes-client.ts");
    const { KubeConfig } = kubernetesClient("config");
    const config = new KubeConfig();
    config.loadFromOptions(${JSON.stringify(options)});
    (async () => { ${script} })().then((answer) => process.stdout.write(JSON.stringify(answer)));`;
  return JSON.parse(execFileSync(process.execPath, ["-e", whole], { cwd: root, encoding: "utf8" }));
}

const apply = "const options = { headers: {} }; await config.applyToHTTPSOptions(options);";

describe("the Kubernetes library as it is kept", () => {
  it("loads nothing of OpenID, of clouds and of SOCKS for a user with a token", () => {
    const found = answerOf(
      {},
      { token: "abc" },
      `${apply} return [options.headers.Authorization, ...Object.keys(require.cache)];`,
    ) as string[];
    expect(found[0]).toBe("Bearer abc");
    expect(found.filter((file) => /node_modules\/(socks|ip-address|debug|ws)\//.test(file))).toEqual([]);
  });

  it("goes through a SOCKS proxy where the kubeconfig names one", () => {
    const script = `${apply} return [options.agent.constructor.name, options.agent.proxy];`;
    expect(answerOf({ proxyUrl: "socks5://127.0.0.1:1080" }, { token: "abc" }, script)).toEqual([
      "SocksProxyAgent",
      { host: "127.0.0.1", port: 1080, type: 5 },
    ]);
  });

  it("reads the token of what a program of a cloud says", () => {
    const config = {
      "cmd-path": process.execPath,
      "cmd-args": `-p "JSON.stringify({ inner: { token: 'abc', until: '2099-01-01' } })"`,
      "token-key": "{.inner.token}",
      "expiry-key": "{.inner.until}",
    };
    const script = `${apply} return options.headers.Authorization;`;
    expect(answerOf({}, { authProvider: { name: "gcp", config } }, script)).toBe("Bearer abc");
  });

  // Version 1.4.0 hands the package a text for the issuer's address, which that refuses: it was asked.
  it("asks the package of OpenID for a user of it whose token has expired", () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const config = {
      "id-token": [part({ alg: "none" }), part({ exp: 1 }), "x"].join("."),
      "refresh-token": "x",
      "client-id": "x",
      "idp-issuer-url": "http://127.0.0.1:1",
    };
    const script = `try { ${apply} } catch (error) { return error.message; }`;
    expect(answerOf({}, { authProvider: { name: "oidc", config } }, script)).toMatch(/"server" must be/);
  });
});
